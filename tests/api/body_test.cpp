// Bodies that the edge writes by itself as the app orders: over in-memory pipes, on both engines, with both protocols.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "blobs/digest.h"
#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::b64;
using test::BodyClient;
using test::create_upload;
using test::eventually;
using test::HttpClient;
using test::offset_of;
using test::Protocol;
using test::some;
using test::tus;
using test::UploadFixture;
using Fields = HttpClient::Fields;

Fields with_length(std::size_t length, Fields more = {}) {
    more.emplace_back("Content-Length", std::to_string(length));
    return more;
}

Protocol protocol() { return GENERATE(Protocol::http1, Protocol::http2); }

}  // namespace

TEST_CASE("bodies: slow bodies hold no thread of the app", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::vector<BodyClient> slow;
    for (int i = 0; i < 8; ++i) {
        slow.push_back(fixture.client(speaks));
        slow.back().begin("PUT", fixture.files("slow" + std::to_string(i)), fixture.fields(with_length(200'000)));
        slow.back().send(bytes.substr(0, 100'000));
    }
    CHECK(eventually([&] { return fixture.coming_in() == 8; }));
    CHECK(fixture.server->stats().uploads == 0);
    CHECK(fixture.server->stats().working + fixture.server->stats().waiting <= 2);
    CHECK(fixture.client().send("GET", "/api/v1/spaces", fixture.fields()).status == 200);
    for (BodyClient& client : slow) client.send(bytes.substr(100'000));
    for (BodyClient& client : slow) client.end();
    for (BodyClient& client : slow) CHECK(client.read().status == 201);
    for (const auto& entry : fixture.listing()) CHECK(fixture.content(entry) == bytes);
    CHECK(fixture.listing().size() == 8);
    // The connection stays usable.
    CHECK(slow.front().ask("PUT", fixture.files("after"), fixture.fields(with_length(1)), "x").status == 201);
}

TEST_CASE("bodies: any length and framing arrives byte for byte", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    BodyClient client = fixture.client(speaks);
    int number = 0;
    for (std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 3'000'001UL}) {
        for (bool is_told : {true, false}) {
            CAPTURE(size, is_told);
            std::string bytes = some(size), name = "f" + std::to_string(number++);
            client.begin("PUT", fixture.files(name), fixture.fields(is_told ? with_length(size) : Fields{}));
            for (std::size_t at = 0; at < size; at += 10'000) client.send(std::string_view(bytes).substr(at, 10'000));
            client.end();
            Answer answer = client.read();
            REQUIRE(answer.status == 201);
            CHECK(answer.json().at("size") == size);
            CHECK(fixture.content(answer.json()) == bytes);
            CHECK(answer.field("bodega-body").empty());
        }
    }
    CHECK(fixture.coming_in() == 0);
}

TEST_CASE("bodies: a refusal comes before the body", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(db::Dialect::sqlite, [](config::Config& config) { config.files.max_file = 1'000'000; });
    auto ask = [&](const std::string& target, Fields more) {
        BodyClient client = fixture.client(speaks);
        more.emplace_back("Expect", "100-continue");
        client.begin("PUT", target, fixture.fields(more));
        return client.read().status;
    };
    CHECK(ask(fixture.files("a"), {{"Content-Length", "2000000"}}) == 413);
    CHECK(ask(fixture.files("a%2Fb"), {{"Content-Length", "200000"}}) == 422);
    CHECK(ask("/api/v1/entries/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/a", {{"Content-Length", "200000"}}) == 404);
    CHECK(ask(fixture.files("a"), {{"Content-Length", "200000"}, {"If-Match", "\"x\""}}) == 412);
    CHECK(ask(fixture.files("a"), {{"Content-Length", "200000"}, {"Content-Range", "bytes 0-1/2"}}) == 400);
    BodyClient stranger = fixture.client(speaks);
    stranger.begin("PUT", fixture.files("a"), with_length(200'000));
    CHECK(stranger.read().status == 401);
    // An accepted body gets 100 Continue.
    BodyClient client = fixture.client(speaks);
    client.begin("PUT", fixture.files("a"), fixture.fields(with_length(200'000, {{"Expect", "100-continue"}})));
    CHECK(client.read_interim().status == 100);
    client.send(std::string(200'000, 'x'));
    client.end();
    CHECK(client.read().status == 201);
    // A body that turns out to be too long in the middle.
    client = fixture.client(speaks);
    client.begin("PUT", fixture.files("b"), fixture.fields());
    for (int i = 0; i < 101; ++i) client.send(some(10'000));
    CHECK(client.read().status == 413);
    CHECK(eventually([&] { return fixture.coming_in() == 0; }));
    CHECK(fixture.listing().size() == 1);
}

TEST_CASE("bodies: calls other than uploads get theirs", "[bodies]") {
    UploadFixture fixture(db::Dialect::sqlite);
    HttpClient client = fixture.client();
    std::string folders = "/api/v1/entries/" + fixture.root + "/folders";
    Fields json = fixture.fields({{"Content-Type", "application/json"}});
    std::string padded = "{\"name\":\"Obra\"" + std::string(60'000, ' ') + "}";
    CHECK(client.send("POST", folders, json, padded).status == 201);
    CHECK(client.send("POST", folders, json, std::string(5'000'000, ' ')).status == 413);
    for (Protocol speaks : {Protocol::http1, Protocol::http2}) {
        BodyClient other = fixture.client(speaks);
        std::string name = speaks == Protocol::http1 ? "Paquete" : "Caja";
        std::string text = "{\"name\":\"" + name + "\"" + std::string(60'000, ' ') + "}";
        CHECK(other.ask("POST", folders, fixture.fields({{"Content-Type", "application/json"}}), text).status == 201);
    }
    CHECK(fixture.client().send("GET", "/api/v1/spaces", fixture.fields(), some(100'000)).status == 400);
}

TEST_CASE("bodies: an interrupted body leaves nothing, a malformed one is refused", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    BodyClient client = fixture.client(speaks);
    auto begin = [&](const Fields& fields) {
        client.begin("PUT", fixture.files("a"), fixture.fields(fields));
        client.send(some(150'000));
        CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    };
    for (void (BodyClient::*end)() : {&BodyClient::leave, &BodyClient::close}) {
        begin(with_length(200'000));
        (client.*end)();
        CHECK(eventually([&] { return fixture.coming_in() == 0; }));
    }
    begin(speaks == Protocol::http1 ? Fields{} : with_length(150'001));
    client.send_malformed();
    // Over HTTP/2 the stream is reset.
    CHECK(client.read().status == (speaks == Protocol::http1 ? 400 : 0));
    CHECK(eventually([&] { return fixture.coming_in() == 0; }));
    CHECK(fixture.listing().empty());
}

TEST_CASE("bodies: a full disk is reported, and nothing remains", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    fixture.disk.room = 100'000;
    Answer answer =
        fixture.client(speaks).ask("PUT", fixture.files("a"), fixture.fields(with_length(300'000)), some(300'000));
    CHECK(answer.status == 507);
    CHECK(answer.field("content-type") == "application/problem+json");
    CHECK(eventually([&] { return fixture.coming_in() == 0; }));
    CHECK(fixture.listing().empty());
}

TEST_CASE("bodies: a disk that hangs is reported, and the client may retry", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(db::Dialect::sqlite);
    fixture.disk.writes.hangs = true;
    BodyClient client = fixture.client(speaks);
    client.begin("PUT", fixture.files("a"), fixture.fields(with_length(300'000)));
    client.send(some(150'000));
    Answer answer = client.read();
    CHECK(answer.status == 503);
    CHECK(answer.json().at("detail") == "The shared directory does not answer.");
    CHECK(answer.field("retry-after") == "5");
    CHECK(fixture.client().send("GET", "/api/v1/spaces", fixture.fields()).status == 200);
    fixture.disk.writes.hangs = false;
    CHECK(fixture.client().send("PUT", fixture.files("a"), fixture.fields(), some(300'000)).status == 201);
    CHECK(fixture.listing().size() == 1);
}

TEST_CASE("bodies: the received bytes of a tus part are kept, and the client continues from there", "[bodies]") {
    const Protocol speaks = protocol();
    void (BodyClient::*end)() = GENERATE(&BodyClient::leave, &BodyClient::close);
    UploadFixture fixture(GENERATE(from_range(test::engines())),
                          [](config::Config& c) { c.files.checkpoint = 1 << 20; });
    std::string bytes = some(4'000'000);
    std::string upload = create_upload(fixture, "a", bytes.size());
    BodyClient client = fixture.client(speaks);
    client.begin("PATCH", upload, fixture.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 2'500'000));
    CHECK(eventually([&] { return std::stoi(offset_of(fixture, upload)) >= 1 << 20; }));
    (client.*end)();
    CHECK(eventually([&] { return offset_of(fixture, upload) == "2500000" && !fixture.has_writer(); }));
    Answer answer = client.ask("PATCH", upload, fixture.fields(tus(1'500'000, 2'500'000)), bytes.substr(2'500'000));
    CHECK(answer.status == 204);
    CHECK(answer.field("upload-offset") == "4000000");
    CHECK_FALSE(answer.field("bodega-entry-id").empty());
    REQUIRE(fixture.listing().size() == 1);
    CHECK(fixture.content(fixture.listing()[0]) == bytes);
    CHECK(fixture.coming_in() == 0);
}

TEST_CASE("bodies: a tus part interrupted before its first checkpoint is kept, and its upload's lease is released",
          "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = some(150'000);
    std::string upload = create_upload(fixture, "a", bytes.size());
    BodyClient client = fixture.client(speaks);
    client.begin("PATCH", upload, fixture.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    client.leave();
    CHECK(eventually([&] { return offset_of(fixture, upload) == "100000" && !fixture.has_writer(); }));
    CHECK(client.ask("PATCH", upload, fixture.fields(tus(50'000, 100'000)), bytes.substr(100'000)).status == 204);
    CHECK(fixture.content(fixture.listing().at(0)) == bytes);
}

TEST_CASE("bodies: a tus part with a checksum is accepted as a whole or not at all", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::string upload = create_upload(fixture, "a", 400'000);
    auto send = [&](std::size_t offset, const std::string& checksum) {
        Fields fields = tus(bytes.size(), offset);
        fields.emplace_back("Upload-Checksum", "sha256 " + checksum);
        return fixture.client(speaks).ask("PATCH", upload, fixture.fields(fields), bytes).status;
    };
    blobs::Sha256 right = blobs::sha256(base::as_bytes(bytes));
    std::string good = base::base64(base::Bytes(right.begin(), right.end()));
    CHECK(send(0, b64(std::string(32, 'x'))) == 460);
    CHECK(offset_of(fixture, upload) == "0");
    CHECK(send(0, good) == 204);
    CHECK(send(100'000, good) == 409);
    CHECK(send(200'000, good) == 204);
    REQUIRE(fixture.listing().size() == 1);
    CHECK(fixture.content(fixture.listing()[0]) == bytes + bytes);
}

TEST_CASE("bodies: a creation of an upload may contain its first bytes", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    Fields fields = fixture.fields({{"Tus-Resumable", "1.0.0"},
                                    {"Content-Type", "application/offset+octet-stream"},
                                    {"Upload-Length", "300000"},
                                    {"Content-Length", "200000"},
                                    {"Upload-Metadata", "parent_id " + b64(fixture.root) + ",filename " + b64("a")}});
    BodyClient client = fixture.client(speaks);
    Answer answer = client.ask("POST", "/api/v1/uploads", fields, bytes);
    CHECK(answer.status == 201);
    CHECK(answer.field("upload-offset") == "200000");
    CHECK(offset_of(fixture, answer.field("location")) == "200000");
    // A client without a Location can't continue.
    client.begin("POST", "/api/v1/uploads", fields);
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return fixture.coming_in() == 2; }));
    client.leave();
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
}

TEST_CASE("bodies: the edge's internal field from a client is ignored", "[bodies]") {
    UploadFixture fixture(db::Dialect::sqlite);
    std::string forged = "complete; file=01ARZ3NDEKTSV4RRFFQ69G5FAV; ticket=01ARZ3NDEKTSV4RRFFQ69G5FAV; size=5";
    for (const std::string& said : {std::string("offer; length=5"), forged}) {
        for (const char* name : {"Bodega-Body", "bodega_body"}) {
            CAPTURE(said, name);
            Fields more = {{name, said}};
            Answer answer = fixture.client().send("PUT", fixture.files("a"), fixture.fields(more), "hello");
            CHECK((answer.status == 200 || answer.status == 201));
            CHECK(answer.json().at("size") == 5);
            CHECK(answer.field("bodega-body").empty());
            // Directly to the app, as another proxy would send it.
            Answer direct = (*fixture.person)("PUT", fixture.files("b"), "hello", more);
            CHECK((direct.status == 200 || direct.status == 201));
            CHECK(direct.field("bodega-body").empty());
        }
    }
}

TEST_CASE("bodies: an upload whose session ends in the middle stores nothing", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    BodyClient client = fixture.client(speaks);
    client.begin("PUT", fixture.files("a"), fixture.fields(with_length(200'000)));
    client.send(some(100'000));
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    CHECK(fixture.client().send("DELETE", "/api/v1/session", fixture.fields()).status == 204);
    client.send(some(100'000));
    client.end();
    CHECK(client.read().status == 401);
    CHECK(fixture.coming_in() == 0);
}

TEST_CASE("bodies: a body that the app reads itself stores nothing if its session ends in the middle", "[bodies]") {
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    const bool in_parts = GENERATE(false, true);
    const std::string bytes = some(200'000);
    const std::string target = in_parts ? create_upload(fixture, "a", bytes.size()) : fixture.files("a");
    BodyClient client(Protocol::http1, "127.0.0.1:" + std::to_string(fixture.server->port()));
    client.begin(in_parts ? "PATCH" : "PUT", target,
                 fixture.fields(in_parts ? tus(bytes.size(), 0) : with_length(bytes.size())));
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    CHECK(fixture.client().send("DELETE", "/api/v1/session", fixture.fields()).status == 204);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    client.send(bytes.substr(100'000));
    client.end();
    CHECK(client.read().status == 401);
    fixture.person->sign_in("ana");
    CHECK(fixture.listing().empty());
    CHECK(fixture.coming_in() == (in_parts ? 1 : 0));
}

TEST_CASE("bodies: a part whose session ends in the middle is not acknowledged, and its lease is released",
          "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    const std::string bytes = some(200'000);
    const std::string upload = create_upload(fixture, "a", bytes.size());
    BodyClient client = fixture.client(speaks);
    client.begin("PATCH", upload, fixture.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return fixture.bytes_coming_in() > 0; }));
    CHECK(fixture.client().send("DELETE", "/api/v1/session", fixture.fields()).status == 204);
    client.send(bytes.substr(100'000));
    client.end();
    CHECK(client.read().status == 401);
    fixture.person->sign_in("ana");
    CHECK(offset_of(fixture, upload) == "0");
    const auto began = std::chrono::steady_clock::now();
    CHECK(fixture.client(speaks).ask("PATCH", upload, fixture.fields(tus(bytes.size(), 0)), bytes).status == 204);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
    CHECK(fixture.content(fixture.listing().at(0)) == bytes);
}

TEST_CASE("bodies: a PUT whose folder is removed in the middle leaves nothing", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    const Fields json = fixture.fields({{"Content-Type", "application/json"}});
    const std::string folders = "/api/v1/entries/" + fixture.root + "/folders";
    const std::string folder = fixture.client().send("POST", folders, json, R"({"name":"Obra"})").json().at("id");
    BodyClient client = fixture.client(speaks);
    client.begin("PUT", "/api/v1/entries/" + folder + "/files/a", fixture.fields(with_length(200'000)));
    client.send(some(100'000));
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    CHECK(fixture.client().send("DELETE", "/api/v1/entries/" + folder, fixture.fields()).status < 300);
    client.send(some(100'000));
    client.end();
    CHECK(client.read().status == 404);
    CHECK(fixture.coming_in() == 0);
}

}  // namespace bodega
