// An app with few threads and an edge in front of it that writes bodies by itself, in one process.
#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "base/encoding.h"
#include "blobs/file_ops.h"
#include "edge/server.h"
#include "store/tree/blobs.h"
#include "support/api_case.h"
#include "support/body_client.h"
#include "web/call/upload_conversations.h"

namespace bodega::test {

// A disk that hangs until the test releases it.
struct Hang {
    std::atomic<bool> hangs{false};
    void wait() const {
        while (hangs) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
};

// The shared folder's disk.
class Disk final : public blobs::FileOps {
public:
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override {
        writes.wait();
        if (room < 0 || offset + static_cast<off_t>(size) <= room) return FileOps::write_at(fd, from, size, offset);
        errno = ENOSPC;
        return -1;
    }
    ssize_t copy_range(int from, int to, off_t offset, std::size_t size) override {
        copies.wait();
        return FileOps::copy_range(from, to, offset, size);
    }

    Hang writes;
    Hang copies;
    std::atomic<std::int64_t> room{-1};  // bytes that fit into one file; -1: enough
};

// Thread-safe if each client is used by one thread.
class UploadFixture {
public:
    explicit UploadFixture(db::Dialect engine, const std::function<void(config::Config&)>& adjust = nullptr,
                           int threads = 2)
        : channels_(std::make_shared<base::PipeListener>()), app(engine, adjust, disk), edge(edge_options()) {
        options_.channels = channels_;
        options_.app.listen = "127.0.0.1:0";
        options_.conversations = &conversations_;
        options_.app.threads = threads;
        options_.app.uploads = 1;
        start_app();
        edge.start();
        person = std::make_unique<Caller>(app.person("ana"));
        root = app.root_of("ana");
    }
    ~UploadFixture() {
        disk.writes.hangs = disk.copies.hangs = false;
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
    // The number of files without a row: uploads in parts, and the bodies of PUTs.
    std::size_t coming_in() const {
        std::size_t count = 0;
        const app::Services& services = app_services();
        services.blobs.list_incoming([&](const blobs::FileInfo&) { ++count; });
        services.catalog.read([&](db::Connection& connection) {
            for (int part = 0; part < blobs::Store::kParts; ++part)
                services.blobs.list_blobs(part, [&](const blobs::FileInfo& file) {
                    if (!store::Blobs(connection).exists(file.id)) ++count;
                });
        });
        return count;
    }
    std::int64_t bytes_coming_in() const {
        std::int64_t bytes = 0;
        app_services().blobs.list_incoming([&](const blobs::FileInfo& file) { bytes += file.size; });
        return bytes;
    }
    // Whether an upload's lease is held. A writer releases it after the acknowledgement.
    bool has_writer() {
        constexpr db::Sql kHeld{"test.held", "SELECT COUNT(*) FROM uploads WHERE holder IS NOT NULL"};
        return app.catalog().number(kHeld) > 0;
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
        options.conversations = &conversations_;
        return options;
    }

    std::shared_ptr<base::PipeListener> channels_;
    web::UploadConversations conversations_;
    web::Server::Options options_;

public:
    static constexpr std::chrono::milliseconds patience{2000};  // of the edge with the disk
    Disk disk;
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
