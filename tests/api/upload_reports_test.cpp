// Offers and reports between an edge that writes bodies and its app: neither waits for the other, and every report
// arrives.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::BodyClient;
using test::create_upload;
using test::eventually;
using test::offset_of;
using test::Protocol;
using test::some;
using test::tus;
using test::UploadFixture;

constexpr db::Sql kForsake{"test.forsake", "UPDATE uploads SET moves_to = ? WHERE id = ?"};

Protocol protocol() { return GENERATE(Protocol::http1, Protocol::http2); }

// An upload of 300,000 bytes with the first 100,000 received, in a file that a lost node may still write to.
std::string lost_upload(UploadFixture& fixture, const std::string& name) {
    std::string upload = create_upload(fixture, name, 300'000);
    BodyClient client = fixture.client(Protocol::http1);
    REQUIRE(client.ask("PATCH", upload, fixture.fields(tus(100'000, 0)), some(300'000).substr(0, 100'000)).status ==
            204);
    auto id = base::Ulid::parse(upload.substr(upload.rfind('/') + 1));
    REQUIRE(fixture.app.catalog().execute(kForsake, {base::Ulid::make(), id.value()}).rows == 1);
    return upload;
}

void restart_app(UploadFixture& fixture, std::chrono::milliseconds pause) {
    fixture.server->stop(std::chrono::seconds(5));
    std::this_thread::sleep_for(pause);
    fixture.start_app();
}

}  // namespace

TEST_CASE("upload reports: uploads whose bytes are being moved do not delay others", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())), nullptr, 8);
    const std::string bytes = some(300'000);
    std::string steady = create_upload(fixture, "steady", bytes.size());
    std::vector<BodyClient> moving;
    std::vector<std::string> moved;
    for (int i = 0; i < 4; ++i) moved.push_back(lost_upload(fixture, "moved" + std::to_string(i)));
    fixture.disk.copies.hangs = true;
    for (const std::string& upload : moved) {
        moving.push_back(fixture.client(speaks));
        moving.back().begin("PATCH", upload, fixture.fields(tus(200'000, 100'000)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto began = std::chrono::steady_clock::now();
    Answer answer = fixture.client(speaks).ask("PATCH", steady, fixture.fields(tus(bytes.size(), 0)), bytes);
    CHECK(answer.status == 204);
    CHECK(fixture.client().send("PUT", fixture.files("put"), fixture.fields(), bytes).status == 201);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(4));
    fixture.disk.copies.hangs = false;
    for (BodyClient& client : moving) {
        client.send(bytes.substr(100'000));
        client.end();
        CHECK(client.read().status == 204);
    }
    for (const auto& entry : fixture.listing()) CHECK(fixture.content(entry) == bytes);
    CHECK(fixture.listing().size() == 6);
}

TEST_CASE("upload reports: an app that is away for a moment interrupts no upload", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())),
                          [](config::Config& c) { c.files.checkpoint = 1 << 20; });
    const std::string bytes = some(4'000'000);
    std::string upload = create_upload(fixture, "a", bytes.size());
    BodyClient client = fixture.client(speaks);
    client.begin("PATCH", upload, fixture.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 500'000));
    REQUIRE(eventually([&] { return fixture.bytes_coming_in() > 0; }));
    std::thread restart([&] { restart_app(fixture, std::chrono::milliseconds(700)); });
    REQUIRE(eventually([&] { return !fixture.server->is_ready(); }));
    client.send(bytes.substr(500'000, 2'000'000));  // beyond a checkpoint, which has to be reported to the app
    restart.join();
    client.send(bytes.substr(2'500'000));
    client.end();
    CHECK(client.read().status == 204);
    REQUIRE(fixture.listing().size() == 1);
    CHECK(fixture.content(fixture.listing()[0]) == bytes);
}

TEST_CASE("upload reports: the end of an upload is reported later if client and app were away", "[bodies]") {
    const Protocol speaks = protocol();
    UploadFixture fixture(GENERATE(from_range(test::engines())));
    const std::string bytes = some(200'000);
    std::string upload = create_upload(fixture, "a", bytes.size());
    BodyClient part = fixture.client(speaks);
    BodyClient put = fixture.client(speaks);
    part.begin("PATCH", upload, fixture.fields(tus(bytes.size(), 0)));
    part.send(bytes.substr(0, 100'000));
    REQUIRE(eventually([&] { return fixture.bytes_coming_in() > 0; }));
    put.begin("PUT", fixture.files("b"), fixture.fields({{"Content-Length", "200000"}}));
    put.send(bytes.substr(0, 100'000));
    REQUIRE(eventually([&] { return fixture.coming_in() == 2; }));
    std::thread restart([&] { restart_app(fixture, std::chrono::milliseconds(700)); });
    REQUIRE(eventually([&] { return !fixture.server->is_ready(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    part.leave();
    put.leave();
    restart.join();
    CHECK(eventually([&] { return offset_of(fixture, upload) == "100000" && !fixture.has_writer(); }));
    CHECK(eventually([&] { return fixture.coming_in() == 1; }));
    Answer answer =
        fixture.client(speaks).ask("PATCH", upload, fixture.fields(tus(100'000, 100'000)), bytes.substr(100'000));
    CHECK(answer.status == 204);
    CHECK(fixture.content(fixture.listing().at(0)) == bytes);
}

}  // namespace bodega
