// An app with few threads and an edge in front of it that writes bodies by itself, in one process.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/body_file.h"
#include "edge/server.h"
#include "support/api_case.h"
#include "support/body_client.h"

namespace bodega::test {

// A disk that hangs until the test releases it.
struct Hang {
    std::atomic<bool> hangs{false};
    void wait() const {
        while (hangs) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
};

// A body's file on a disk that is full after `room` bytes.
class FullDisk final : public base::BodySink {
public:
    FullDisk(std::unique_ptr<base::BodySink> inner, std::int64_t room) : inner_(std::move(inner)), room_(room) {}
    void write(std::span<const std::uint8_t> bytes) override {
        room_ -= static_cast<std::int64_t>(bytes.size());
        if (room_ < 0) throw base::Error(base::Code::no_space, "The disk is full.", 7);
        inner_->write(bytes);
    }
    std::int64_t size() const noexcept override { return inner_->size(); }
    void sync() override { inner_->sync(); }
    void seal() override { inner_->seal(); }
    bool settle() noexcept override { return inner_->settle(); }
    void describe(base::BodyReport& report) const override { inner_->describe(report); }

private:
    std::unique_ptr<base::BodySink> inner_;
    std::int64_t room_;
};

// Thread-safe if each client is used by one thread.
class UploadFixture {
public:
    explicit UploadFixture(db::Dialect engine, const std::function<void(config::Config&)>& adjust = nullptr,
                           blobs::FileOps& files = blobs::FileOps::kernel(), int threads = 2)
        : channels_(std::make_shared<base::PipeListener>()), app(engine, adjust, files), edge(edge_options()) {
        options_.channels = channels_;
        options_.threads = threads;
        options_.uploads = 1;
        start_app();
        edge.start();
        person = std::make_unique<Caller>(app.person("ana"));
        root = app.root_of("ana");
    }
    ~UploadFixture() {
        disk.hangs = false;
        edge.stop();
    }

    // Starts another app after stop.
    void start_app() {
        server = std::make_unique<web::Server>(app.services(), options_);
        server->start();
    }

    std::string address() const { return edge.urls().front().substr(7); }
    HttpClient client() const { return HttpClient(address()); }
    BodyClient client(Protocol protocol) const { return {protocol, address()}; }
    HttpClient::Fields fields(HttpClient::Fields more = {}) const {
        more.emplace_back("Cookie", person->cookie);
        more.emplace_back("Origin", "http://files.example");
        return more;
    }
    std::string head(const std::string& method, const std::string& target, const HttpClient::Fields& more) const {
        std::string out = method + " " + target + " HTTP/1.1\r\nHost: files.example\r\n";
        for (const auto& [name, value] : fields(more)) out += name + ": " + value + "\r\n";
        return out + "\r\n";
    }
    std::string files(const std::string& name) const { return "/api/v1/entries/" + root + "/files/" + name; }
    std::size_t coming_in() const {
        std::size_t count = 0;
        app_services().blobs.list_incoming([&](const blobs::FileInfo&) { ++count; });
        return count;
    }
    std::int64_t bytes_coming_in() const {
        std::int64_t bytes = 0;
        app_services().blobs.list_incoming([&](const blobs::FileInfo& file) { bytes += file.size; });
        return bytes;
    }
    const app::Services& app_services() const { return app.services(); }
    nlohmann::json listing() {
        return client().send("GET", "/api/v1/entries/" + root + "/children", fields()).json().at("items");
    }
    std::string content(const nlohmann::json& entry) {
        std::string id = entry.at("id");
        return client().send("GET", "/api/v1/entries/" + id + "/content", fields()).body;
    }

private:
    edge::Options edge_options() {
        edge::Options options;
        options.settings = app_services().config.edge;
        options.settings.listen = {"http://127.0.0.1:0"};
        options.settings.loops = 1;
        options.settings.upstream_timeout = patience;
        options.app_listener = channels_;
        options.blobs_root = app_services().blobs.root() + "/blobs";
        options.open_body = [this](const base::BodyOrder& order) -> std::unique_ptr<base::BodySink> {
            disk.wait();
            auto file = std::make_unique<blobs::BodyFile>(app_services().blobs, order);
            if (disk_room < 0) return file;
            return std::make_unique<FullDisk>(std::move(file), disk_room);
        };
        return options;
    }

    std::shared_ptr<base::PipeListener> channels_;
    web::Server::Options options_;

public:
    static constexpr std::chrono::milliseconds patience{2000};  // of the edge with the disk
    std::atomic<std::int64_t> disk_room{-1};                    // -1: enough
    Hang disk;
    AppServer app;
    edge::Server edge;
    std::unique_ptr<web::Server> server;
    std::unique_ptr<Caller> person;
    std::string root;
};

inline std::string some(std::size_t size) {
    std::string out;
    out.reserve(size + 16);
    for (std::size_t i = 0; out.size() < size; ++i) out += std::to_string(i * 7919);
    out.resize(size);
    return out;
}

template <class Fact>
bool eventually(Fact fact) {
    for (int i = 0; i < 2000; ++i) {
        if (fact()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

inline std::string b64(std::string_view text) { return base::base64(base::as_bytes(text)); }

inline HttpClient::Fields tus(std::size_t length, std::size_t offset) {
    return {{"Tus-Resumable", "1.0.0"},
            {"Content-Type", "application/offset+octet-stream"},
            {"Upload-Offset", std::to_string(offset)},
            {"Content-Length", std::to_string(length)}};
}

inline std::string create_upload(UploadFixture& fixture, const std::string& name, std::size_t length) {
    HttpClient::Fields fields =
        fixture.fields({{"Tus-Resumable", "1.0.0"},
                        {"Upload-Length", std::to_string(length)},
                        {"Upload-Metadata", "parent_id " + b64(fixture.root) + ",filename " + b64(name)}});
    return fixture.client().send("POST", "/api/v1/uploads", fields).field("location");
}

inline std::string offset_of(UploadFixture& fixture, const std::string& upload) {
    HttpClient client = fixture.client();
    client.write(fixture.head("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}));
    return client.read(true).field("upload-offset");
}

}  // namespace bodega::test
