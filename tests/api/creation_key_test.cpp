// A creation whose answer was lost: the same key sent again gives what the first one made.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/fleet/expiry.h"
#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::b64;
using test::Caller;
using test::Protocol;
using test::some;
using test::UploadHouse;
using Fields = test::HttpClient::Fields;

constexpr db::Sql kExpire{"test.expire", "UPDATE creation_keys SET expires_at = 1"};
constexpr db::Sql kRemove{"test.remove", "DELETE FROM creation_keys"};

struct House : UploadHouse {
    House() : UploadHouse(GENERATE(from_range(test::engines()))) {}

    Answer folder(const std::string& name, const std::string& key) {
        return (*person)("POST", "/api/v1/entries/" + root + "/folders", R"({"name":")" + name + "\"}",
                         {{"Idempotency-Key", key}});
    }
    Answer put(Protocol protocol, const std::string& key, std::string_view bytes, Fields more = {}) {
        more.emplace_back("Idempotency-Key", key);
        more.emplace_back("Content-Length", std::to_string(bytes.size()));
        return client(protocol).ask("PUT", files("a.txt"), fields(std::move(more)), bytes);
    }
    Answer upload(Protocol protocol, const std::string& key, const std::string& name, std::size_t size,
                  std::string_view bytes) {
        Fields more{
            {"Tus-Resumable", "1.0.0"},
            {"Upload-Length", std::to_string(size)},
            {"Content-Type", "application/offset+octet-stream"},
            {"Content-Length", std::to_string(bytes.size())},
            {"Idempotency-Key", key},
            {"Upload-Metadata", "parent_id " + b64(root) + ",filename " + b64(name) + ",on_conflict " + b64("fail")}};
        return client(protocol).ask("POST", "/api/v1/uploads", fields(std::move(more)), bytes);
    }
};

std::string id_of(const Answer& answer) { return answer.json().value("id", ""); }

}  // namespace

TEST_CASE("a folder that is made again with the same key is the first one", "[creation_key]") {
    House house;
    const Answer first = house.folder("docs", "k1");
    REQUIRE(first.status == 201);
    const Answer again = house.folder("docs", "k1");
    CHECK(again.status == 201);
    CHECK(id_of(again) == id_of(first));
    CHECK(again.field("location") == first.field("location"));
    CHECK(house.folder("docs", "k2").status == 409);
    CHECK(house.folder("other", "k1").json()["code"] == "key_reused");
    CHECK(house.listing().size() == 1);
    // Another account's key is another one.
    Caller eve = house.app.person("eve");
    const std::string root = "/api/v1/entries/" + house.app.root_of("eve") + "/folders";
    CHECK(id_of(eve("POST", root, R"({"name":"docs"})", {{"Idempotency-Key", "k1"}})) != id_of(first));
    // What was removed is not made again behind its owner's back.
    CHECK((*house.person)("DELETE", first.field("location")).status == 204);
    CHECK(house.folder("docs", "k1").status == 410);
    CHECK(house.folder("docs", "k2").status == 201);
}

TEST_CASE("a key is forgotten after its time", "[creation_key]") {
    House house;
    const Answer first = house.folder("docs", "k1");
    REQUIRE(first.status == 201);
    house.app.catalog().execute(kExpire, {});
    CHECK(house.folder("docs", "k1").status == 409);  // the name is taken: it is a new creation
    CHECK(house.folder("other", "k1").status == 201);
    house.app.catalog().execute(kExpire, {});
    app::remove_expired_creation_keys(house.app_services());
    CHECK(house.app.catalog().execute(kRemove, {}).rows == 0);
}

TEST_CASE("a key has 1 to 255 visible characters", "[creation_key]") {
    House house;
    for (const std::string& key : {std::string(), std::string("a b"), std::string("\xC3\xB1"), std::string(256, 'k')})
        CHECK(house.folder("docs", key).status == 400);
    CHECK(house.folder("docs", std::string(255, 'k')).status == 201);
}

TEST_CASE("a key in quotes is the same key", "[creation_key]") {
    House house;
    const Answer first = house.folder("docs", "\"k1\"");
    REQUIRE(first.status == 201);
    CHECK(id_of(house.folder("docs", "k1")) == id_of(first));
}

TEST_CASE("a file that is put again with the same key is the first one", "[creation_key]") {
    House house;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    const Fields fresh{{"If-None-Match", "*"}};
    const Answer first = house.put(protocol, "k1", bytes, fresh);
    REQUIRE(first.status == 201);
    const Answer again = house.put(protocol, "k1", bytes, fresh);
    CHECK(again.status == 201);
    CHECK(id_of(again) == id_of(first));
    CHECK(again.field("location") == first.field("location"));
    CHECK(house.put(protocol, "k2", bytes, fresh).status == 412);
    CHECK(house.put(protocol, "k3", bytes).json()["version"] == 2);
    CHECK(house.put(protocol, "k3", bytes).json()["version"] == 2);
    CHECK(house.put(protocol, "k3", bytes).status == 200);
    CHECK(house.coming_in() == 0);
}

// Without a digest the bytes of a second try are not asked for, and so not known.
TEST_CASE("a key of a file with other bytes of the same length is refused by their digest", "[creation_key]") {
    House house;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const auto put = [&](std::string_view bytes) {
        const std::string digest = "sha-256=:" + base::base64(blobs::sha256(base::as_bytes(bytes))) + ":";
        return house.put(protocol, "k1", bytes, {{"Repr-Digest", digest}});
    };
    const Answer first = put("aaaa");
    REQUIRE(first.status == 201);
    CHECK(id_of(put("aaaa")) == id_of(first));
    CHECK(put("bbbb").json()["code"] == "key_reused");
    CHECK(put("aaaa").status == 201);
}

TEST_CASE("an upload that is created again with the same key is the first one", "[creation_key]") {
    House house;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    const std::string_view half = std::string_view(bytes).substr(0, 100'000);
    const Answer first = house.upload(protocol, "k1", "a", bytes.size(), half);
    REQUIRE(first.status == 201);
    const Answer again = house.upload(protocol, "k1", "a", bytes.size(), half);
    CHECK(again.status == 201);
    CHECK(again.field("location") == first.field("location"));
    CHECK(again.field("upload-offset") == "100000");
    CHECK((*house.person)("GET", "/api/v1/uploads").json()["items"].size() == 1);
    CHECK(house.upload(protocol, "k1", "b", bytes.size(), half).status == 422);
    const auto rest = std::string_view(bytes).substr(100'000);
    const Answer end = house.client(protocol).ask("PATCH", first.field("location"),
                                                  house.fields(test::tus(rest.size(), 100'000)), rest);
    CHECK(end.status == 204);
    const Answer told = house.upload(protocol, "k1", "a", bytes.size(), half);
    CHECK(told.status == 201);
    CHECK(told.field("upload-offset") == "200000");
    CHECK(told.field("bodega-entry-id") == end.field("bodega-entry-id"));
    // One that was given up is begun again.
    const std::string given_up = house.upload(protocol, "k2", "b", 5, "12").field("location");
    CHECK((*house.person)("DELETE", given_up, "", {{"Tus-Resumable", "1.0.0"}}).status == 204);
    const Answer anew = house.upload(protocol, "k2", "b", 5, "12");
    CHECK(anew.status == 201);
    CHECK(anew.field("location") != given_up);
}

TEST_CASE("an upload whose client left within its creation goes on by its key", "[creation_key]") {
    House house;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    Fields fields{{"Tus-Resumable", "1.0.0"},
                  {"Upload-Length", "200000"},
                  {"Content-Type", "application/offset+octet-stream"},
                  {"Content-Length", "200000"},
                  {"Idempotency-Key", "k1"},
                  {"Upload-Metadata", "parent_id " + b64(house.root) + ",filename " + b64("a")}};
    test::BodyClient client = house.client(protocol);
    client.begin("POST", "/api/v1/uploads", house.fields(fields));
    client.send(bytes.substr(0, 100'000));
    REQUIRE(test::eventually([&] { return house.bytes_coming_in() >= 100'000; }));
    client.leave();
    REQUIRE(test::eventually([&] {
        const auto items = (*house.person)("GET", "/api/v1/uploads").json()["items"];
        return items.size() == 1 && items[0]["offset"] == 100'000;
    }));
    const Answer again = house.upload(protocol, "k1", "a", bytes.size(), bytes);
    CHECK(again.status == 201);
    CHECK(again.field("upload-offset") == "100000");
}

}  // namespace bodega
