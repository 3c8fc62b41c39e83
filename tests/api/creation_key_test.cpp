// A creation whose answer was lost: the same key sent again returns what the first request created.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/fleet/expiry.h"
#include "blobs/digest.h"
#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::b64;
using test::Caller;
using test::Protocol;
using test::some;
using test::UploadFixture;
using Fields = test::HttpClient::Fields;

constexpr db::Sql kExpire{"test.expire", "UPDATE creation_keys SET expires_at = 1"};
constexpr db::Sql kRemove{"test.remove", "DELETE FROM creation_keys"};

struct EdgeFixture : UploadFixture {
    EdgeFixture() : UploadFixture(GENERATE(from_range(test::engines()))) {}

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

TEST_CASE("creating a folder again with the same key returns the first one", "[creation_key]") {
    EdgeFixture fixture;
    const Answer first = fixture.folder("docs", "k1");
    REQUIRE(first.status == 201);
    const Answer again = fixture.folder("docs", "k1");
    CHECK(again.status == 201);
    CHECK(id_of(again) == id_of(first));
    CHECK(again.field("location") == first.field("location"));
    CHECK(fixture.folder("docs", "k2").status == 409);
    CHECK(fixture.folder("other", "k1").json()["code"] == "key_reused");
    CHECK(fixture.listing().size() == 1);
    // The same key of another account is another key.
    Caller eve = fixture.app.person("eve");
    const std::string root = "/api/v1/entries/" + fixture.app.root_of("eve") + "/folders";
    CHECK(id_of(eve("POST", root, R"({"name":"docs"})", {{"Idempotency-Key", "k1"}})) != id_of(first));
    // A removed folder is not created again without its owner's intent.
    CHECK((*fixture.person)("DELETE", first.field("location")).status == 204);
    CHECK(fixture.folder("docs", "k1").status == 410);
    CHECK(fixture.folder("docs", "k2").status == 201);
}

TEST_CASE("a key is forgotten after its time", "[creation_key]") {
    EdgeFixture fixture;
    const Answer first = fixture.folder("docs", "k1");
    REQUIRE(first.status == 201);
    fixture.app.catalog().execute(kExpire, {});
    CHECK(fixture.folder("docs", "k1").status == 409);  // the name is taken, because this is a new creation
    CHECK(fixture.folder("other", "k1").status == 201);
    fixture.app.catalog().execute(kExpire, {});
    app::remove_expired_creation_keys(fixture.app_services());
    CHECK(fixture.app.catalog().execute(kRemove, {}).rows == 0);
}

TEST_CASE("a key has 1 to 255 visible characters", "[creation_key]") {
    EdgeFixture fixture;
    for (const std::string& key : {std::string(), std::string("a b"), std::string("\xC3\xB1"), std::string(256, 'k')})
        CHECK(fixture.folder("docs", key).status == 400);
    CHECK(fixture.folder("docs", std::string(255, 'k')).status == 201);
}

TEST_CASE("a key in quotes is the same key", "[creation_key]") {
    EdgeFixture fixture;
    const Answer first = fixture.folder("docs", "\"k1\"");
    REQUIRE(first.status == 201);
    CHECK(id_of(fixture.folder("docs", "k1")) == id_of(first));
}

TEST_CASE("putting a file again with the same key returns the first one", "[creation_key]") {
    EdgeFixture fixture;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    const Fields fresh{{"If-None-Match", "*"}};
    const Answer first = fixture.put(protocol, "k1", bytes, fresh);
    REQUIRE(first.status == 201);
    const Answer again = fixture.put(protocol, "k1", bytes, fresh);
    CHECK(again.status == 201);
    CHECK(id_of(again) == id_of(first));
    CHECK(again.field("location") == first.field("location"));
    CHECK(fixture.put(protocol, "k2", bytes, fresh).status == 412);
    CHECK(fixture.put(protocol, "k3", bytes).json()["version"] == 2);
    CHECK(fixture.put(protocol, "k3", bytes).json()["version"] == 2);
    CHECK(fixture.put(protocol, "k3", bytes).status == 200);
    CHECK(fixture.coming_in() == 0);
}

// Without a digest the server does not read the bytes of a second try, and so can't compare them.
TEST_CASE("a key used again for other bytes of the same length is refused by their digest", "[creation_key]") {
    EdgeFixture fixture;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const auto put = [&](std::string_view bytes) {
        const std::string digest = "sha-256=:" + base::base64(blobs::sha256(base::as_bytes(bytes))) + ":";
        return fixture.put(protocol, "k1", bytes, {{"Repr-Digest", digest}});
    };
    const Answer first = put("aaaa");
    REQUIRE(first.status == 201);
    CHECK(id_of(put("aaaa")) == id_of(first));
    CHECK(put("bbbb").json()["code"] == "key_reused");
    CHECK(put("aaaa").status == 201);
}

TEST_CASE("creating an upload again with the same key returns the first one", "[creation_key]") {
    EdgeFixture fixture;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    const std::string_view half = std::string_view(bytes).substr(0, 100'000);
    const Answer first = fixture.upload(protocol, "k1", "a", bytes.size(), half);
    REQUIRE(first.status == 201);
    const Answer again = fixture.upload(protocol, "k1", "a", bytes.size(), half);
    CHECK(again.status == 201);
    CHECK(again.field("location") == first.field("location"));
    CHECK(again.field("upload-offset") == "100000");
    CHECK((*fixture.person)("GET", "/api/v1/uploads").json()["items"].size() == 1);
    CHECK(fixture.upload(protocol, "k1", "b", bytes.size(), half).status == 422);
    const auto rest = std::string_view(bytes).substr(100'000);
    const Answer end = fixture.client(protocol).ask("PATCH", first.field("location"),
                                                    fixture.fields(test::tus(rest.size(), 100'000)), rest);
    CHECK(end.status == 204);
    const Answer told = fixture.upload(protocol, "k1", "a", bytes.size(), half);
    CHECK(told.status == 201);
    CHECK(told.field("upload-offset") == "200000");
    CHECK(told.field("bodega-entry-id") == end.field("bodega-entry-id"));
    // A deleted upload is created again.
    const std::string given_up = fixture.upload(protocol, "k2", "b", 5, "12").field("location");
    CHECK((*fixture.person)("DELETE", given_up, "", {{"Tus-Resumable", "1.0.0"}}).status == 204);
    const Answer anew = fixture.upload(protocol, "k2", "b", 5, "12");
    CHECK(anew.status == 201);
    CHECK(anew.field("location") != given_up);
}

TEST_CASE("an upload whose client left during its creation continues by its key", "[creation_key]") {
    EdgeFixture fixture;
    const Protocol protocol = GENERATE(Protocol::http1, Protocol::http2);
    const std::string bytes = some(200'000);
    Fields fields{{"Tus-Resumable", "1.0.0"},
                  {"Upload-Length", "200000"},
                  {"Content-Type", "application/offset+octet-stream"},
                  {"Content-Length", "200000"},
                  {"Idempotency-Key", "k1"},
                  {"Upload-Metadata", "parent_id " + b64(fixture.root) + ",filename " + b64("a")}};
    test::BodyClient client = fixture.client(protocol);
    client.begin("POST", "/api/v1/uploads", fixture.fields(fields));
    client.send(bytes.substr(0, 100'000));
    REQUIRE(test::eventually([&] { return fixture.bytes_coming_in() >= 100'000; }));
    client.leave();
    REQUIRE(test::eventually([&] {
        const auto items = (*fixture.person)("GET", "/api/v1/uploads").json()["items"];
        return items.size() == 1 && items[0]["offset"] == 100'000;
    }));
    const Answer again = fixture.upload(protocol, "k1", "a", bytes.size(), bytes);
    CHECK(again.status == 201);
    CHECK(again.field("upload-offset") == "100000");
}

}  // namespace bodega
