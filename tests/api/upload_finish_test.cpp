// An upload that can't become a file at its end stays whole, and takes a new decision: no byte is sent again.
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
using test::UploadHouse;

constexpr db::Sql kTakeAsFormer{"test.take_as_former", "UPDATE uploads SET fence = fence + 1 WHERE id = ?"};
constexpr db::Sql kForsake{"test.forsake", "UPDATE uploads SET moves_to = ? WHERE id = ?"};

constexpr std::size_t kSize = 300'000, kHalf = 100'000;

struct House : UploadHouse {
    House() : UploadHouse(GENERATE(from_range(test::engines()))), speaks(GENERATE(Protocol::http1, Protocol::http2)) {}

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
    // Refused at its end, for the name was taken meanwhile.
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

TEST_CASE("an upload whose name was taken meanwhile keeps both by a new decision", "[bodies][finish]") {
    House house;
    const std::string upload = house.refused("a.txt");
    // Clients of tus must not take it for a file.
    CHECK(test::offset_of(house, upload) == std::to_string(kHalf));
    CHECK((*house.person)("GET", "/api/v1/uploads").json()["items"][0]["whole"] == true);
    CHECK(house.finish(upload, "fail").status == 409);
    CHECK(house.patch(upload, kHalf, kSize).status == 409);
    CHECK(house.patch(upload, kSize, kSize).status == 409);
    const Answer kept = house.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(kept.json()["name"] == "a (2).txt");
    CHECK(kept.field("location") == "/api/v1/entries/" + kept.json()["id"].get<std::string>());
    CHECK(house.content(kept.json()) == some(kSize));
    CHECK(house.finish(upload, "replace").json()["id"] == kept.json()["id"]);
    CHECK(house.listing().size() == 2);
    CHECK((*house.person)("GET", "/api/v1/uploads").json()["items"].empty());
}

TEST_CASE("an upload whose name was taken meanwhile replaces by a new decision", "[bodies][finish]") {
    House house;
    std::string other;
    const std::string upload = house.refused("a.txt", &other);
    const Answer replaced = house.finish(upload, "replace");
    REQUIRE(replaced.status == 200);
    CHECK(replaced.json()["id"] == other);
    CHECK(replaced.json()["version"] == 2);
    CHECK(house.content(replaced.json()) == some(kSize));
    CHECK(house.listing().size() == 1);
}

TEST_CASE("an upload that is whole becomes a file without a byte once its name is free", "[bodies][finish]") {
    House house;
    std::string other;
    const std::string upload = house.refused("a.txt", &other);
    CHECK((*house.person)("DELETE", "/api/v1/entries/" + other).status == 204);
    const Answer answer = GENERATE(true, false) ? house.patch(upload, kSize, kSize) : house.patch(upload, kHalf, kSize);
    CHECK(answer.status == 204);
    CHECK(answer.field("upload-offset") == std::to_string(kSize));
    REQUIRE(house.listing().size() == 1);
    CHECK(house.content(house.listing()[0]) == some(kSize));
}

TEST_CASE("a new decision is refused for what is not whole, and for a folder of that name", "[bodies][finish]") {
    House house;
    const std::string upload = house.create("a", "fail");
    CHECK(house.patch(upload, 0, kHalf).status == 204);
    CHECK(house.finish(upload, "rename").json()["code"] == "offset_mismatch");
    CHECK(house.finish(upload, "perhaps").status == 400);
    CHECK(house.finish("/api/v1/uploads/" + base::Ulid::make().text(), "rename").status == 404);
    const std::string folders = "/api/v1/entries/" + house.root + "/folders";
    CHECK((*house.person)("POST", folders, R"({"name":"a"})").status == 201);
    CHECK(house.patch(upload, kHalf, kSize).status == 409);
    CHECK(house.finish(upload, "replace").json()["code"] == "name_taken");
    CHECK(house.finish(upload, "rename").json()["name"] == "a (2)");
}

TEST_CASE("an upload that a node of the former version took, or that is to be moved, is whole no more",
          "[bodies][finish]") {
    House house;
    const std::string upload = house.refused("a.txt");
    const auto id = base::Ulid::parse(upload.substr(upload.rfind('/') + 1)).value();
    if (GENERATE(true, false)) REQUIRE(house.app.catalog().execute(kTakeAsFormer, {id}).rows == 1);
    else REQUIRE(house.app.catalog().execute(kForsake, {base::Ulid::make(), id}).rows == 1);
    CHECK((*house.person)("GET", "/api/v1/uploads").json()["items"][0]["whole"] == false);
    CHECK(house.finish(upload, "rename").json()["code"] == "offset_mismatch");
    CHECK(house.patch(upload, kHalf, kSize).status == 409);
    const Answer kept = house.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(house.content(kept.json()) == some(kSize));
}

TEST_CASE("an upload stays whole for somebody who may not add to its folder any more", "[bodies][finish]") {
    House house;
    test::Caller root = house.app.person("root", store::Role::admin);
    const auto space = root("POST", "/api/v1/spaces", R"({"name":"team"})").json();
    const std::string member =
        "/api/v1/spaces/" + space["id"].get<std::string>() + "/members/" + house.app.id_of("ana");
    REQUIRE(root("PUT", member, R"({"role":"editor"})").status < 300);
    house.root = space["root_id"].get<std::string>();
    const std::string upload = house.create("a", "fail");
    CHECK(house.patch(upload, 0, kHalf).status == 204);
    house.put("a");
    CHECK(house.patch(upload, kHalf, kSize).status == 409);
    REQUIRE(root("PUT", member, R"({"role":"viewer"})").status < 300);
    CHECK(house.finish(upload, "rename").status == 403);
    test::Caller eve = house.app.person("eve");
    CHECK(eve("POST", upload + "/finish", R"({"on_conflict":"rename"})").status == 404);
    REQUIRE(root("PUT", member, R"({"role":"editor"})").status < 300);
    CHECK(house.finish(upload, "rename").status == 200);
}

TEST_CASE("bytes that came with the creation are kept for a client that sent a key", "[bodies][finish]") {
    House house;
    auto send = [&](bool keyed) {
        auto fields = house.creation("a.txt", "fail", kSize);
        fields.emplace_back("Content-Type", "application/offset+octet-stream");
        fields.emplace_back("Content-Length", std::to_string(kSize));
        if (keyed) fields.emplace_back("Idempotency-Key", "k1");
        test::BodyClient client = house.client(house.speaks);
        client.begin("POST", "/api/v1/uploads", house.fields(fields));
        client.send(some(kSize).substr(0, kHalf));
        REQUIRE(test::eventually([&] { return house.bytes_coming_in() > 0; }));
        const std::string other = house.put("a.txt");
        client.send(some(kSize).substr(kHalf));
        client.end();
        Answer answer = client.read();
        CHECK(answer.status == 409);
        (*house.person)("DELETE", "/api/v1/entries/" + other);
        return answer.field("location");
    };
    CHECK(send(false).empty());
    CHECK((*house.person)("GET", "/api/v1/uploads").json()["items"].empty());
    const std::string upload = send(true);
    REQUIRE(upload.starts_with("/api/v1/uploads/"));
    const Answer kept = house.finish(upload, "rename");
    REQUIRE(kept.status == 200);
    CHECK(house.content(kept.json()) == some(kSize));
}

}  // namespace bodega
