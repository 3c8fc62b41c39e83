// What an edge that writes bodies asks and tells its app: neither waits for the other, and what the app must know
// reaches it.
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
using test::UploadHouse;

constexpr db::Sql kForsake{"test.forsake", "UPDATE uploads SET moves_to = ? WHERE id = ?"};

Protocol protocol() { return GENERATE(Protocol::http1, Protocol::http2); }

// Whose copies of one file to another take as long as the test says.
class SlowCopies final : public blobs::FileOps {
public:
    ssize_t copy_range(int from, int to, off_t offset, std::size_t size) override {
        hang.wait();
        return FileOps::copy_range(from, to, offset, size);
    }
    test::Hang hang;
};

// An upload of 300,000 bytes whose first 100,000 are there, in a file that a lost node may still write to.
std::string lost_upload(UploadHouse& house, const std::string& name) {
    std::string upload = create_upload(house, name, 300'000);
    BodyClient client = house.client(Protocol::http1);
    REQUIRE(client.ask("PATCH", upload, house.fields(tus(100'000, 0)), some(300'000).substr(0, 100'000)).status == 204);
    auto id = base::Ulid::parse(upload.substr(upload.rfind('/') + 1));
    REQUIRE(house.app.catalog().execute(kForsake, {base::Ulid::make(), id.value()}).rows == 1);
    return upload;
}

void restart_app(UploadHouse& house, std::chrono::milliseconds pause) {
    house.server->stop(std::chrono::seconds(5));
    std::this_thread::sleep_for(pause);
    house.start_app();
}

}  // namespace

TEST_CASE("upload reports: uploads whose bytes are being moved hold up nobody else's", "[bodies]") {
    const Protocol speaks = protocol();
    SlowCopies files;
    UploadHouse house(GENERATE(from_range(test::engines())), nullptr, files, 8);
    const std::string bytes = some(300'000);
    std::string steady = create_upload(house, "steady", bytes.size());
    std::vector<BodyClient> moving;
    std::vector<std::string> moved;
    for (int i = 0; i < 4; ++i) moved.push_back(lost_upload(house, "moved" + std::to_string(i)));
    files.hang.hangs = true;
    for (const std::string& upload : moved) {
        moving.push_back(house.client(speaks));
        moving.back().begin("PATCH", upload, house.fields(tus(200'000, 100'000)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto began = std::chrono::steady_clock::now();
    Answer answer = house.client(speaks).ask("PATCH", steady, house.fields(tus(bytes.size(), 0)), bytes);
    CHECK(answer.status == 204);
    CHECK(house.client().send("PUT", house.files("put"), house.fields(), bytes).status == 201);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(4));
    files.hang.hangs = false;
    for (BodyClient& client : moving) {
        client.send(bytes.substr(100'000));
        client.end();
        CHECK(client.read().status == 204);
    }
    for (const auto& entry : house.listing()) CHECK(house.content(entry) == bytes);
    CHECK(house.listing().size() == 6);
}

TEST_CASE("upload reports: an app that is away for a moment breaks off no upload", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.checkpoint = 1 << 20; });
    const std::string bytes = some(4'000'000);
    std::string upload = create_upload(house, "a", bytes.size());
    BodyClient client = house.client(speaks);
    client.begin("PATCH", upload, house.fields(tus(bytes.size(), 0)));
    client.send(bytes.substr(0, 500'000));
    REQUIRE(eventually([&] { return house.bytes_coming_in() > 0; }));
    std::thread restart([&] { restart_app(house, std::chrono::milliseconds(700)); });
    REQUIRE(eventually([&] { return !house.server->is_ready(); }));
    client.send(bytes.substr(500'000, 2'000'000));  // beyond a checkpoint, which the app is to hear of
    restart.join();
    client.send(bytes.substr(2'500'000));
    client.end();
    CHECK(client.read().status == 204);
    REQUIRE(house.listing().size() == 1);
    CHECK(house.content(house.listing()[0]) == bytes);
}

TEST_CASE("upload reports: the end of an upload whose client left while the app was away is told later", "[bodies]") {
    const Protocol speaks = protocol();
    UploadHouse house(GENERATE(from_range(test::engines())));
    const std::string bytes = some(200'000);
    std::string upload = create_upload(house, "a", bytes.size());
    BodyClient part = house.client(speaks);
    BodyClient put = house.client(speaks);
    part.begin("PATCH", upload, house.fields(tus(bytes.size(), 0)));
    part.send(bytes.substr(0, 100'000));
    REQUIRE(eventually([&] { return house.bytes_coming_in() > 0; }));
    put.begin("PUT", house.files("b"), house.fields({{"Content-Length", "200000"}}));
    put.send(bytes.substr(0, 100'000));
    REQUIRE(eventually([&] { return house.coming_in() == 2; }));
    std::thread restart([&] { restart_app(house, std::chrono::milliseconds(700)); });
    REQUIRE(eventually([&] { return !house.server->is_ready(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    part.leave();
    put.leave();
    restart.join();
    CHECK(eventually([&] { return offset_of(house, upload) == "100000"; }));
    CHECK(eventually([&] { return house.coming_in() == 1; }));
    Answer answer =
        house.client(speaks).ask("PATCH", upload, house.fields(tus(100'000, 100'000)), bytes.substr(100'000));
    CHECK(answer.status == 204);
    CHECK(house.content(house.listing().at(0)) == bytes);
}

}  // namespace bodega
