// An upload that can't become a file at its end stays complete, and accepts a new decision: no byte is sent again.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::b64;
using test::Protocol;
using test::some;
using test::UploadFixture;

constexpr db::Sql kTakeAsFormer{"test.take_as_former", "UPDATE uploads SET fence = fence + 1 WHERE id = ?"};
constexpr db::Sql kForsake{"test.forsake", "UPDATE uploads SET moves_to = ? WHERE id = ?"};

constexpr std::size_t kSize = 300'000, kHalf = 100'000;

struct EdgeFixture : UploadFixture {
    EdgeFixture()
        : UploadFixture(GENERATE(from_range(test::engines()))), speaks(GENERATE(Protocol::http1, Protocol::http2)) {}

    test::HttpClient::Fields creation(const std::string& name, const std::string& decision, std::size_t size) {
        return {
            {"Tus-Resumable", "1.0.0"},
            {"Upload-Length", std::to_string(size)},
            {"Upload-Metadata", "parent_id " + b64(root) + ",filename " + b64(name) + ",on_conflict " + b64(decision)}};
    }
    std::string create(const std::string& name, const std::string& decision) {
        return client().send("POST", "/api/v1/uploads", fields(creation(name, decision, kSize))).field("location");
    }
    Answer patch(const std::string& upload, std::size_t from, std::size_t to) {
        const std::string bytes = some(kSize).substr(from, to - from);
        return client(speaks).ask("PATCH", upload, fields(test::tus(bytes.size(), from)), bytes);
    }
    std::string put(const std::string& name) {
        return client().send("PUT", files(name), fields(), "another's").json().value("id", "");
    }
    Answer finish(const std::string& upload, const std::string& decision) {
        return (*person)("POST", upload + "/finish", R"({"on_conflict":")" + decision + "\"}");
    }
    // Refused at its end, because the name was taken meanwhile.
    std::string refused(const std::string& name, std::string* other = nullptr) {
        const std::string upload = create(name, "fail");
        CHECK(patch(upload, 0, kHalf).status == 204);
        const std::string id = put(name);
        if (other) *other = id;
        const Answer answer = patch(upload, kHalf, kSize);
        CHECK(answer.status == 409);
        CHECK(answer.json().value("code", "") == "name_taken");
        CHECK(answer.json().value("existing_id", "") == id);
        return upload;
    }
    Protocol speaks;
};

}  // namespace

TEST_CASE("an upload whose name was taken meanwhile keeps both after a new decision", "[bodies][finish]") {
    EdgeFixture fixture;
    const std::string upload = fixture.refused("a.txt");
    // tus clients must not treat it as finished.
    CHECK(test::offset_of(fixture, upload) == std::to_string(kHalf));
    CHECK((*fixture.person)("GET", "/api/v1/uploads").json()["items"][0]["whole"] == true);
    CHECK(fixture.finish(upload, "fail").status == 409);
    CHECK(fixture.patch(upload, kHalf, kSize).status == 409);
    CHECK(fixture.patch(upload, kSize, kSize).status == 409);
    const Answer kept = fixture.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(kept.json()["name"] == "a (2).txt");
    CHECK(kept.field("location") == "/api/v1/entries/" + kept.json()["id"].get<std::string>());
    CHECK(fixture.content(kept.json()) == some(kSize));
    CHECK(fixture.finish(upload, "replace").json()["id"] == kept.json()["id"]);
    CHECK(fixture.listing().size() == 2);
    CHECK((*fixture.person)("GET", "/api/v1/uploads").json()["items"].empty());
}

TEST_CASE("an upload whose name was taken meanwhile replaces the file after a new decision", "[bodies][finish]") {
    EdgeFixture fixture;
    std::string other;
    const std::string upload = fixture.refused("a.txt", &other);
    const Answer replaced = fixture.finish(upload, "replace");
    REQUIRE(replaced.status == 200);
    CHECK(replaced.json()["id"] == other);
    CHECK(replaced.json()["version"] == 2);
    CHECK(fixture.content(replaced.json()) == some(kSize));
    CHECK(fixture.listing().size() == 1);
}

TEST_CASE("a complete upload becomes a file without another byte once its name is free", "[bodies][finish]") {
    EdgeFixture fixture;
    std::string other;
    const std::string upload = fixture.refused("a.txt", &other);
    CHECK((*fixture.person)("DELETE", "/api/v1/entries/" + other).status == 204);
    const Answer answer =
        GENERATE(true, false) ? fixture.patch(upload, kSize, kSize) : fixture.patch(upload, kHalf, kSize);
    CHECK(answer.status == 204);
    CHECK(answer.field("upload-offset") == std::to_string(kSize));
    REQUIRE(fixture.listing().size() == 1);
    CHECK(fixture.content(fixture.listing()[0]) == some(kSize));
}

TEST_CASE("a new decision is refused for an incomplete upload, and for a folder of that name", "[bodies][finish]") {
    EdgeFixture fixture;
    const std::string upload = fixture.create("a", "fail");
    CHECK(fixture.patch(upload, 0, kHalf).status == 204);
    CHECK(fixture.finish(upload, "rename").json()["code"] == "offset_mismatch");
    CHECK(fixture.finish(upload, "perhaps").status == 400);
    CHECK(fixture.finish("/api/v1/uploads/" + base::Ulid::make().text(), "rename").status == 404);
    const std::string folders = "/api/v1/entries/" + fixture.root + "/folders";
    CHECK((*fixture.person)("POST", folders, R"({"name":"a"})").status == 201);
    CHECK(fixture.patch(upload, kHalf, kSize).status == 409);
    CHECK(fixture.finish(upload, "replace").json()["code"] == "name_taken");
    CHECK(fixture.finish(upload, "rename").json()["name"] == "a (2)");
}

TEST_CASE("an upload that a node of the previous version took over, or that has to be moved, is not complete any more",
          "[bodies][finish]") {
    EdgeFixture fixture;
    const std::string upload = fixture.refused("a.txt");
    const auto id = base::Ulid::parse(upload.substr(upload.rfind('/') + 1)).value();
    if (GENERATE(true, false)) REQUIRE(fixture.app.catalog().execute(kTakeAsFormer, {id}).rows == 1);
    else REQUIRE(fixture.app.catalog().execute(kForsake, {base::Ulid::make(), id}).rows == 1);
    CHECK((*fixture.person)("GET", "/api/v1/uploads").json()["items"][0]["whole"] == false);
    CHECK(fixture.finish(upload, "rename").json()["code"] == "offset_mismatch");
    CHECK(fixture.patch(upload, kHalf, kSize).status == 409);
    const Answer kept = fixture.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(fixture.content(kept.json()) == some(kSize));
}

TEST_CASE("an upload stays complete for an account that lost the right to its folder", "[bodies][finish]") {
    EdgeFixture fixture;
    test::Caller root = fixture.app.person("root", store::Role::admin);
    const auto space = root("POST", "/api/v1/spaces", R"({"name":"team"})").json();
    const std::string member =
        "/api/v1/spaces/" + space["id"].get<std::string>() + "/members/" + fixture.app.id_of("ana");
    REQUIRE(root("PUT", member, R"({"role":"editor"})").status < 300);
    fixture.root = space["root_id"].get<std::string>();
    const std::string upload = fixture.create("a", "fail");
    CHECK(fixture.patch(upload, 0, kHalf).status == 204);
    fixture.put("a");
    CHECK(fixture.patch(upload, kHalf, kSize).status == 409);
    REQUIRE(root("PUT", member, R"({"role":"viewer"})").status < 300);
    CHECK(fixture.finish(upload, "rename").status == 403);
    test::Caller eve = fixture.app.person("eve");
    CHECK(eve("POST", upload + "/finish", R"({"on_conflict":"rename"})").status == 404);
    REQUIRE(root("PUT", member, R"({"role":"editor"})").status < 300);
    CHECK(fixture.finish(upload, "rename").status == 200);
}

TEST_CASE("bytes sent with the creation are kept for a client with a key", "[bodies][finish]") {
    EdgeFixture fixture;
    auto send = [&](bool keyed) {
        auto fields = fixture.creation("a.txt", "fail", kSize);
        fields.emplace_back("Content-Type", "application/offset+octet-stream");
        fields.emplace_back("Content-Length", std::to_string(kSize));
        if (keyed) fields.emplace_back("Idempotency-Key", "k1");
        test::BodyClient client = fixture.client(fixture.speaks);
        client.begin("POST", "/api/v1/uploads", fixture.fields(fields));
        client.send(some(kSize).substr(0, kHalf));
        REQUIRE(test::eventually([&] { return fixture.bytes_coming_in() > 0; }));
        const std::string other = fixture.put("a.txt");
        client.send(some(kSize).substr(kHalf));
        client.end();
        Answer answer = client.read();
        CHECK(answer.status == 409);
        (*fixture.person)("DELETE", "/api/v1/entries/" + other);
        return answer.field("location");
    };
    CHECK(send(false).empty());
    CHECK((*fixture.person)("GET", "/api/v1/uploads").json()["items"].empty());
    const std::string upload = send(true);
    REQUIRE(upload.starts_with("/api/v1/uploads/"));
    const Answer kept = fixture.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(fixture.content(kept.json()) == some(kSize));
}

}  // namespace bodega
