// Bodies that the edge writes by itself, as the app orders: over channels, on both engines, by both protocols.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

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
using test::UploadHouse;
using Fields = HttpClient::Fields;

Fields with_length(std::size_t length, Fields more = {}) {
    more.emplace_back("Content-Length", std::to_string(length));
    return more;
}

Protocol protocol() { return GENERATE(Protocol::http1, Protocol::http2); }

}  // namespace

TEST_CASE("bodies: slow ones keep no thread of the app", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::vector<BodyClient> slow;
    for (int i = 0; i < 8; ++i) {
        slow.push_back(house.client(speaks));
        slow.back().begin("PUT", house.files("slow" + std::to_string(i)), house.fields(with_length(200'000)));
        slow.back().send(bytes.substr(0, 100'000));
    }
    CHECK(eventually([&] { return house.coming_in() == 8; }));
    CHECK(house.server->stats().uploads == 0);
    CHECK(house.server->stats().working + house.server->stats().waiting <= 2);
    CHECK(house.client().send("GET", "/api/v1/spaces", house.fields()).status == 200);
    for (BodyClient& client : slow) client.send(bytes.substr(100'000));
    for (BodyClient& client : slow) client.end();
    for (BodyClient& client : slow) CHECK(client.read().status == 201);
    for (const auto& entry : house.listing()) CHECK(house.content(entry) == bytes);
    CHECK(house.listing().size() == 8);
    // The connection goes on after it.
    CHECK(slow.front().ask("PUT", house.files("after"), house.fields(with_length(1)), "x").status == 201);
}

TEST_CASE("bodies: of any length and framing, byte for byte", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    BodyClient client = house.client(speaks);
    int number = 0;
    for (std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 3'000'001UL}) {
        for (bool is_told : {true, false}) {
            CAPTURE(size, is_told);
            std::string bytes = some(size), name = "f" + std::to_string(number++);
            client.begin("PUT", house.files(name), house.fields(is_told ? with_length(size) : Fields{}));
            for (std::size_t at = 0; at < size; at += 10'000) client.send(std::string_view(bytes).substr(at, 10'000));
            client.end();
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
    const Protocol speaks = protocol();
    UploadHouse house(db::Dialect::sqlite, [](config::Config& config) { config.files.max_file = 1'000'000; });
    auto ask = [&](const std::string& target, Fields more) {
        BodyClient client = house.client(speaks);
        more.emplace_back("Expect", "100-continue");
        client.begin("PUT", target, house.fields(more));
        return client.read().status;
    };
    CHECK(ask(house.files("a"), {{"Content-Length", "2000000"}}) == 413);
    CHECK(ask(house.files("a%2Fb"), {{"Content-Length", "200000"}}) == 422);
    CHECK(ask("/api/v1/entries/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/a", {{"Content-Length", "200000"}}) == 404);
    CHECK(ask(house.files("a"), {{"Content-Length", "200000"}, {"If-Match", "\"x\""}}) == 412);
    CHECK(ask(house.files("a"), {{"Content-Length", "200000"}, {"Content-Range", "bytes 0-1/2"}}) == 400);
    BodyClient stranger = house.client(speaks);
    stranger.begin("PUT", house.files("a"), with_length(200'000));
    CHECK(stranger.read().status == 401);
    // And one that is taken hears that it may go on.
    BodyClient client = house.client(speaks);
    client.begin("PUT", house.files("a"), house.fields(with_length(200'000, {{"Expect", "100-continue"}})));
    CHECK(client.read_interim().status == 100);
    client.send(std::string(200'000, 'x'));
    client.end();
    CHECK(client.read().status == 201);
    // What turns out to be too long in the middle.
    client = house.client(speaks);
    client.begin("PUT", house.files("b"), house.fields());
    for (int i = 0; i < 101; ++i) client.send(some(10'000));
    CHECK(client.read().status == 413);
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().size() == 1);
}

TEST_CASE("bodies: other calls than uploads get theirs", "[bodies]") {
    UploadHouse house(db::Dialect::sqlite);
    HttpClient client = house.client();
    std::string folders = "/api/v1/entries/" + house.root + "/folders";
    Fields json = house.fields({{"Content-Type", "application/json"}});
    std::string padded = "{\"name\":\"Obra\"" + std::string(60'000, ' ') + "}";
    CHECK(client.send("POST", folders, json, padded).status == 201);
    CHECK(client.send("POST", folders, json, std::string(5'000'000, ' ')).status == 413);
    for (Protocol speaks : {Protocol::http1, Protocol::http2}) {
        BodyClient other = house.client(speaks);
        std::string name = speaks == Protocol::http1 ? "Paquete" : "Caja";
        std::string text = "{\"name\":\"" + name + "\"" + std::string(60'000, ' ') + "}";
        CHECK(other.ask("POST", folders, house.fields({{"Content-Type", "application/json"}}), text).status == 201);
    }
    CHECK(house.client().send("GET", "/api/v1/spaces", house.fields(), some(100'000)).status == 400);
}

TEST_CASE("bodies: one that breaks off leaves nothing, one that is not whole HTTP is refused", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    BodyClient client = house.client(speaks);
    auto begin = [&](const Fields& fields) {
        client.begin("PUT", house.files("a"), house.fields(fields));
        client.send(some(150'000));
        CHECK(eventually([&] { return house.coming_in() == 1; }));
    };
    for (void (BodyClient::*end)() : {&BodyClient::leave, &BodyClient::close}) {
        begin(with_length(200'000));
        (client.*end)();
        CHECK(eventually([&] { return house.coming_in() == 0; }));
    }
    begin(speaks == Protocol::http1 ? Fields{} : with_length(150'001));
    client.send_malformed();
    // Over HTTP/2 the stream is reset.
    CHECK(client.read().status == (speaks == Protocol::http1 ? 400 : 0));
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().empty());
}

TEST_CASE("bodies: a full disk is told, and nothing stays", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    house.disk_room = 100'000;
    Answer answer =
        house.client(speaks).ask("PUT", house.files("a"), house.fields(with_length(300'000)), some(300'000));
    CHECK(answer.status == 507);
    CHECK(answer.field("content-type") == "application/problem+json");
    CHECK(answer.field("retry-after") == "7");
    CHECK(eventually([&] { return house.coming_in() == 0; }));
    CHECK(house.listing().empty());
}

TEST_CASE("bodies: a disk that does not answer is told, and the client may come again", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(db::Dialect::sqlite);
    house.disk.hangs = true;
    BodyClient client = house.client(speaks);
    client.begin("PUT", house.files("a"), house.fields(with_length(300'000)));
    client.send(some(150'000));
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
    const Protocol speaks = protocol();
    void (BodyClient::*end)() = GENERATE(&BodyClient::leave, &BodyClient::close);
    UploadHouse house(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.checkpoint = 1 << 20; });
    std::string bytes = some(4'000'000);
    std::string upload = create_upload(house, "a", bytes.size());
    BodyClient client = house.client(speaks);
    client.begin("PATCH", upload, house.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 2'500'000));
    CHECK(eventually([&] { return std::stoi(offset_of(house, upload)) >= 1 << 20; }));
    (client.*end)();
    CHECK(eventually([&] { return offset_of(house, upload) == "2500000"; }));
    Answer answer = client.ask("PATCH", upload, house.fields(tus(1'500'000, 2'500'000)), bytes.substr(2'500'000));
    CHECK(answer.status == 204);
    CHECK(answer.field("upload-offset") == "4000000");
    CHECK_FALSE(answer.field("bodega-entry-id").empty());
    REQUIRE(house.listing().size() == 1);
    CHECK(house.content(house.listing()[0]) == bytes);
    CHECK(house.coming_in() == 0);
}

TEST_CASE("bodies: a tus part that breaks off before its first checkpoint is kept, and its upload let go", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    std::string bytes = some(150'000);
    std::string upload = create_upload(house, "a", bytes.size());
    BodyClient client = house.client(speaks);
    client.begin("PATCH", upload, house.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return house.coming_in() == 1; }));
    client.leave();
    CHECK(eventually([&] { return offset_of(house, upload) == "100000"; }));
    CHECK(client.ask("PATCH", upload, house.fields(tus(50'000, 100'000)), bytes.substr(100'000)).status == 204);
    CHECK(house.content(house.listing().at(0)) == bytes);
}

TEST_CASE("bodies: a tus part with a checksum counts whole or not at all", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    std::string upload = create_upload(house, "a", 400'000);
    auto send = [&](std::size_t offset, const std::string& checksum) {
        Fields fields = tus(bytes.size(), offset);
        fields.emplace_back("Upload-Checksum", "sha256 " + checksum);
        return house.client(speaks).ask("PATCH", upload, house.fields(fields), bytes).status;
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
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    std::string bytes = some(200'000);
    Fields fields = house.fields({{"Tus-Resumable", "1.0.0"},
                                  {"Content-Type", "application/offset+octet-stream"},
                                  {"Upload-Length", "300000"},
                                  {"Content-Length", "200000"},
                                  {"Upload-Metadata", "parent_id " + b64(house.root) + ",filename " + b64("a")}});
    BodyClient client = house.client(speaks);
    Answer answer = client.ask("POST", "/api/v1/uploads", fields, bytes);
    CHECK(answer.status == 201);
    CHECK(answer.field("upload-offset") == "200000");
    CHECK(offset_of(house, answer.field("location")) == "200000");
    // A client that gets no Location can't go on.
    client.begin("POST", "/api/v1/uploads", fields);
    client.send(bytes.substr(0, 100'000));
    CHECK(eventually([&] { return house.coming_in() == 2; }));
    client.leave();
    CHECK(eventually([&] { return house.coming_in() == 1; }));
}

TEST_CASE("bodies: what a client says of the edge's own field is nothing", "[bodies]") {
    UploadHouse house(db::Dialect::sqlite);
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
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    BodyClient client = house.client(speaks);
    client.begin("PUT", house.files("a"), house.fields(with_length(200'000)));
    client.send(some(100'000));
    CHECK(eventually([&] { return house.coming_in() == 1; }));
    CHECK(house.client().send("DELETE", "/api/v1/session", house.fields()).status == 204);
    client.send(some(100'000));
    client.end();
    CHECK(client.read().status == 401);
}

}  // namespace bodega
