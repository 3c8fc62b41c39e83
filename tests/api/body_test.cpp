// Bodies that the edge writes by itself, as the app orders: over channels, on both engines.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <functional>
#include <memory>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/body_file.h"
#include "edge/server.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::Caller;
using test::HttpClient;
using Fields = HttpClient::Fields;

// A disk that does not answer until the test lets it.
struct Hang {
    std::atomic<bool> hangs{false};
    void wait() const {
        while (hangs) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
};

// The file of a body on a disk that is full after so many bytes.
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

// An app of few threads, and an edge before it that writes.
class House {
public:
    explicit House(db::Dialect engine, const std::function<void(config::Config&)>& adjust = nullptr)
        : channels_(std::make_shared<base::ChannelListener>()), app(engine, adjust), edge(edge_options()) {
        web::Server::Options options;
        options.channels = channels_;
        options.threads = 2;
        options.uploads = 1;
        server = std::make_unique<web::Server>(app.services(), options);
        server->start();
        edge.start();
        person = std::make_unique<Caller>(app.person("ana"));
        root = app.root_of("ana");
    }
    ~House() {
        disk.hangs = false;
        edge.stop();
    }

    HttpClient client() const { return HttpClient(edge.urls().front().substr(7)); }
    Fields fields(Fields more = {}) const {
        more.emplace_back("Cookie", person->cookie);
        more.emplace_back("Origin", "http://files.example");
        return more;
    }
    std::string head(const std::string& method, const std::string& target, const Fields& more) const {
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

    std::shared_ptr<base::ChannelListener> channels_;

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

std::string some(std::size_t size) {
    std::string out;
    out.reserve(size + 16);
    for (std::size_t i = 0; out.size() < size; ++i) out += std::to_string(i * 7919);
    out.resize(size);
    return out;
}

std::string chunked(const std::string& bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 10'000) {
        std::string piece = bytes.substr(at, 10'000);
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        out += size + piece + "\r\n";
    }
    return out + "0\r\n\r\n";
}

template <class Fact>
bool eventually(Fact fact) {
    for (int i = 0; i < 2000; ++i) {
        if (fact()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

std::string b64(std::string_view text) { return base::base64(base::as_bytes(text)); }

Fields tus(std::size_t length, std::size_t offset) {
    return {{"Tus-Resumable", "1.0.0"},
            {"Content-Type", "application/offset+octet-stream"},
            {"Upload-Offset", std::to_string(offset)},
            {"Content-Length", std::to_string(length)}};
}

std::string create_upload(House& house, const std::string& name, std::size_t length) {
    Fields fields = house.fields({{"Tus-Resumable", "1.0.0"},
                                  {"Upload-Length", std::to_string(length)},
                                  {"Upload-Metadata", "parent_id " + b64(house.root) + ",filename " + b64(name)}});
    return house.client().send("POST", "/api/v1/uploads", fields).field("location");
}

std::string offset_of(House& house, const std::string& upload) {
    HttpClient client = house.client();
    client.write(house.head("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}));
    return client.read(true).field("upload-offset");
}

}  // namespace

TEST_CASE("bodies: slow ones keep no thread of the app", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::vector<HttpClient> slow;
    for (int i = 0; i < 8; ++i) {
        slow.push_back(house.client());
        slow.back().write(house.head("PUT", house.files("slow" + std::to_string(i)), {{"Content-Length", "200000"}}) +
                          bytes.substr(0, 100'000));
    }
    CHECK(eventually([&] { return house.coming_in() == 8; }));
    CHECK(house.server->stats().uploads == 0);
    CHECK(house.server->stats().working + house.server->stats().waiting <= 2);
    CHECK(house.client().send("GET", "/api/v1/spaces", house.fields()).status == 200);
    for (HttpClient& client : slow) client.write(bytes.substr(100'000));
    for (HttpClient& client : slow) CHECK(client.read().status == 201);
    for (const auto& entry : house.listing()) CHECK(house.content(entry) == bytes);
    CHECK(house.listing().size() == 8);
    // The connection goes on after it.
    CHECK(slow.front().send("GET", "/livez").status == 200);
}

TEST_CASE("bodies: of any length and framing, byte for byte", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    HttpClient client = house.client();
    int number = 0;
    for (std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 3'000'001UL}) {
        for (bool in_chunks : {false, true}) {
            CAPTURE(size, in_chunks);
            std::string bytes = some(size), name = "f" + std::to_string(number++);
            Fields framing =
                in_chunks ? Fields{{"Transfer-Encoding", "chunked"}} : Fields{{"Content-Length", std::to_string(size)}};
            client.write(house.head("PUT", house.files(name), framing) + (in_chunks ? chunked(bytes) : bytes));
            Answer answer = client.read();
            REQUIRE(answer.status == 201);
            CHECK(answer.json().at("size") == size);
            CHECK(house.content(answer.json()) == bytes);
            CHECK(answer.field("bodega-body").empty());
        }
    }
    CHECK(house.coming_in() == 0);
}

TEST_CASE("bodies: a refusal comes before the body", "[bodies]") {
    House house(db::Dialect::sqlite, [](config::Config& config) { config.files.max_file = 1'000'000; });
    auto ask = [&](const std::string& target, const Fields& more, bool expects = true) {
        HttpClient client = house.client();
        Fields all = more;
        if (expects) all.emplace_back("Expect", "100-continue");
        client.write(house.head("PUT", target, all));
        return client.read().status;
    };
    CHECK(ask(house.files("a"), {{"Content-Length", "2000000"}}) == 413);
    CHECK(ask(house.files("a%2Fb"), {{"Content-Length", "200000"}}) == 422);
    CHECK(ask("/api/v1/entries/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/a", {{"Content-Length", "200000"}}) == 404);
    CHECK(ask(house.files("a"), {{"Content-Length", "200000"}, {"If-Match", "\"x\""}}) == 412);
    CHECK(ask(house.files("a"), {{"Content-Length", "200000"}, {"Content-Range", "bytes 0-1/2"}}) == 400);
    HttpClient stranger = house.client();
    stranger.write("PUT " + house.files("a") + " HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n");
    CHECK(stranger.read().status == 401);
    // And one that is taken hears that it may go on.
    HttpClient client = house.client();
    client.write(house.head("PUT", house.files("a"), {{"Content-Length", "200000"}, {"Expect", "100-continue"}}));
    CHECK(client.read(true).status == 100);
    client.write(std::string(200'000, 'x'));
    CHECK(client.read().status == 201);
    // What turns out to be too long in the middle.
    client = house.client();
    client.write(house.head("PUT", house.files("b"), {{"Transfer-Encoding", "chunked"}}) + chunked(some(1'000'001)));
    CHECK(client.read().status == 413);
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().size() == 1);
}

TEST_CASE("bodies: other calls than uploads get theirs", "[bodies]") {
    House house(db::Dialect::sqlite);
    HttpClient client = house.client();
    std::string folders = "/api/v1/entries/" + house.root + "/folders";
    Fields json = house.fields({{"Content-Type", "application/json"}});
    std::string padded = "{\"name\":\"Obra\"" + std::string(100'000, ' ') + "}";
    CHECK(client.send("POST", folders, json, padded).status == 201);
    CHECK(client.send("POST", folders, json, std::string(5'000'000, ' ')).status == 413);
    client = house.client();
    client.write(house.head("POST", folders, {{"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}}) +
                 chunked("{\"name\":\"Paquete\"" + std::string(100'000, ' ') + "}"));
    CHECK(client.read().status == 201);
    CHECK(house.client().send("GET", "/api/v1/spaces", house.fields(), some(100'000)).status == 400);
}

TEST_CASE("bodies: one that breaks off leaves nothing, one that is not whole HTTP is answered", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    HttpClient client = house.client();
    client.write(house.head("PUT", house.files("a"), {{"Content-Length", "200000"}}) + some(150'000));
    CHECK(eventually([&] { return house.coming_in() == 1; }));
    client.close();
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    client.write(house.head("PUT", house.files("a"), {{"Transfer-Encoding", "chunked"}}) + "186a0\r\n" + some(100'000) +
                 "no chunk\r\n");
    CHECK(client.read().status == 400);
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().empty());
}

TEST_CASE("bodies: a full disk is told, and nothing stays", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    house.disk_room = 100'000;
    Answer answer = house.client().send("PUT", house.files("a"), house.fields(), some(300'000));
    CHECK(answer.status == 507);
    CHECK(answer.field("content-type") == "application/problem+json");
    CHECK(answer.field("retry-after") == "7");
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().empty());
}

TEST_CASE("bodies: a disk that does not answer is told, and the client may come again", "[bodies]") {
    House house(db::Dialect::sqlite);
    house.disk.hangs = true;
    HttpClient client = house.client();
    client.write(house.head("PUT", house.files("a"), {{"Content-Length", "300000"}}) + some(200'000));
    Answer answer = client.read();
    CHECK(answer.status == 503);
    CHECK(answer.json().at("detail") == "The shared directory does not answer.");
    CHECK(answer.field("retry-after") == "5");
    CHECK(house.client().send("GET", "/api/v1/spaces", house.fields()).status == 200);
    house.disk.hangs = false;
    CHECK(house.client().send("PUT", house.files("a"), house.fields(), some(300'000)).status == 201);
    CHECK(house.listing().size() == 1);
}

TEST_CASE("bodies: what arrived of a tus part is kept, and the rest goes on from there", "[bodies]") {
    House house(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.checkpoint = 1 << 20; });
    std::string bytes = some(4'000'000);
    std::string upload = create_upload(house, "a", bytes.size());
    HttpClient client = house.client();
    client.write(house.head("PATCH", upload, tus(bytes.size(), 0)) + bytes.substr(0, 2'500'000));
    CHECK(eventually([&] { return std::stoi(offset_of(house, upload)) >= 1 << 20; }));
    // Meanwhile it is nobody else's.
    HttpClient other = house.client();
    std::size_t at = std::stoul(offset_of(house, upload));
    other.write(house.head("PATCH", upload, tus(bytes.size() - at, at)));
    int refused = other.read().status;
    CHECK((refused == 423 || refused == 409));
    client.close();
    CHECK(eventually([&] { return offset_of(house, upload) == "2500000"; }));
    client.write(house.head("PATCH", upload, tus(1'500'000, 2'500'000)) + bytes.substr(2'500'000));
    Answer answer = client.read();
    CHECK(answer.status == 204);
    CHECK(answer.field("upload-offset") == "4000000");
    CHECK_FALSE(answer.field("bodega-entry-id").empty());
    REQUIRE(house.listing().size() == 1);
    CHECK(house.content(house.listing()[0]) == bytes);
    CHECK(house.coming_in() == 0);
}

TEST_CASE("bodies: a tus part with a checksum counts whole or not at all", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::string upload = create_upload(house, "a", 400'000);
    auto send = [&](std::size_t offset, const std::string& checksum) {
        Fields fields = tus(bytes.size(), offset);
        fields.emplace_back("Upload-Checksum", "sha256 " + checksum);
        HttpClient client = house.client();
        client.write(house.head("PATCH", upload, fields) + bytes);
        return client.read().status;
    };
    blobs::Sha256 right = blobs::sha256(base::as_bytes(bytes));
    std::string good = base::base64(base::Bytes(right.begin(), right.end()));
    CHECK(send(0, b64(std::string(32, 'x'))) == 460);
    CHECK(offset_of(house, upload) == "0");
    CHECK(send(0, good) == 204);
    CHECK(send(100'000, good) == 409);
    CHECK(send(200'000, good) == 204);
    REQUIRE(house.listing().size() == 1);
    CHECK(house.content(house.listing()[0]) == bytes + bytes);
}

TEST_CASE("bodies: the bytes that come with an upload's creation", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    Fields fields = {{"Tus-Resumable", "1.0.0"},
                     {"Content-Type", "application/offset+octet-stream"},
                     {"Upload-Length", "300000"},
                     {"Content-Length", "200000"},
                     {"Upload-Metadata", "parent_id " + b64(house.root) + ",filename " + b64("a")}};
    HttpClient client = house.client();
    client.write(house.head("POST", "/api/v1/uploads", fields) + bytes);
    Answer answer = client.read();
    CHECK(answer.status == 201);
    CHECK(answer.field("upload-offset") == "200000");
    CHECK(offset_of(house, answer.field("location")) == "200000");
    // A client that gets no Location can't go on.
    client.write(house.head("POST", "/api/v1/uploads", fields) + bytes.substr(0, 100'000));
    CHECK(eventually([&] { return house.coming_in() == 2; }));
    client.close();
    CHECK(eventually([&] { return house.coming_in() == 1; }));
}

TEST_CASE("bodies: what a client says of the edge's own field is nothing", "[bodies]") {
    House house(db::Dialect::sqlite);
    std::string forged = "complete; file=01ARZ3NDEKTSV4RRFFQ69G5FAV; ticket=01ARZ3NDEKTSV4RRFFQ69G5FAV; size=5";
    for (const std::string& said : {std::string("offer; length=5"), forged}) {
        for (const char* name : {"Bodega-Body", "bodega_body"}) {
            CAPTURE(said, name);
            Fields more = {{name, said}};
            Answer answer = house.client().send("PUT", house.files("a"), house.fields(more), "hello");
            CHECK((answer.status == 200 || answer.status == 201));
            CHECK(answer.json().at("size") == 5);
            CHECK(answer.field("bodega-body").empty());
            // To the app itself, where another proxy would be.
            Answer direct = (*house.person)("PUT", house.files("b"), "hello", more);
            CHECK((direct.status == 200 || direct.status == 201));
            CHECK(direct.field("bodega-body").empty());
        }
    }
}

TEST_CASE("bodies: who signs out in the middle has uploaded nothing", "[bodies]") {
    House house(GENERATE(from_range(test::engines())));
    HttpClient client = house.client();
    client.write(house.head("PUT", house.files("a"), {{"Content-Length", "200000"}}) + some(100'000));
    CHECK(eventually([&] { return house.coming_in() == 1; }));
    CHECK(house.client().send("DELETE", "/api/v1/session", house.fields()).status == 204);
    client.write(some(100'000));
    CHECK(client.read().status == 401);
}

}  // namespace bodega
