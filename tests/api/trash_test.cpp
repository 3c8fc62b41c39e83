// The trash, search and versions over the API.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::AppServer;
using test::Caller;

const std::string kEntries = "/api/v1/entries/";

struct EdgeFixture {
    explicit EdgeFixture(AppServer& app)
        : ana(app.person("ana")), root(app.root_of("ana")), space(ana("GET", kEntries + root).json()["space_id"]) {}

    std::string folder(const std::string& parent, const std::string& name) {
        return ana("POST", kEntries + parent + "/folders", json({{"name", name}}).dump()).json()["id"];
    }
    std::string put(const std::string& parent, const std::string& name, const std::string& bytes) {
        const std::string target = kEntries + parent + "/files/" + base::percent_encode(name);
        return ana("PUT", target, bytes, {{"Content-Type", "text/plain"}}).json()["id"];
    }
    json get(const std::string& target) { return ana("GET", target).json(); }

    Caller ana;
    std::string root, space;
};

}  // namespace

TEST_CASE("a deleted entry is hidden, in the trash, and can be restored", "[trash]") {
    AppServer app(GENERATE(from_range(test::engines())));
    EdgeFixture fixture(app);
    const std::string a = fixture.folder(fixture.root, "a"), b = fixture.folder(a, "b"),
                      file = fixture.put(b, "f.txt", "x");
    const std::string trash = "/api/v1/spaces/" + fixture.space + "/trash";
    CHECK(fixture.ana("DELETE", kEntries + file).status == 204);
    CHECK(fixture.ana("DELETE", kEntries + file).status == 404);
    for (const char* part : {"", "/content", "/versions"})
        CHECK(fixture.ana("GET", kEntries + file + part).status == 404);
    const json listed = fixture.get(trash)["items"];
    REQUIRE(listed.size() == 1);
    CHECK(listed[0]["id"] == file);
    CHECK(listed[0]["original_path"] == "a/b");
    CHECK(listed[0]["trashed_by"] == "ana");
    CHECK(listed[0]["trashed_at"].is_number());
    CHECK(fixture.ana("DELETE", kEntries + a).status == 204);
    CHECK(fixture.ana("POST", kEntries + file + "/restore").status == 409);  // its folder is in the trash
    CHECK(fixture.ana("POST", kEntries + file + "/restore", json({{"parent_id", fixture.root}, {"name", "g"}}).dump())
              .status == 200);
    CHECK(fixture.ana("POST", kEntries + file + "/restore").status == 409);  // is not in the trash
    CHECK(fixture.get(trash)["items"].size() == 1);
    CHECK(fixture.ana("DELETE", trash).status == 204);
    CHECK(fixture.get(trash)["items"].empty());
    CHECK(fixture.ana("POST", kEntries + a + "/restore").status == 404);
    CHECK(fixture.ana("DELETE", kEntries + file + "?permanent=true").status == 204);
    CHECK(fixture.ana("DELETE", kEntries + fixture.root + "?permanent=true").status == 409);
    CHECK(fixture.ana("DELETE", kEntries + fixture.root + "?permanent=maybe").status == 400);
    CHECK(fixture.get("/api/v1/spaces")["items"][0]["used_bytes"] == 0);
}

TEST_CASE("a folder in the trash is listed, and one entry of it can be restored", "[trash]") {
    AppServer app(GENERATE(from_range(test::engines())));
    EdgeFixture fixture(app);
    const std::string a = fixture.folder(fixture.root, "a"), b = fixture.folder(a, "b"),
                      file = fixture.put(b, "f.txt", "x");
    fixture.put(a, "g.txt", "y");
    CHECK(fixture.ana("DELETE", kEntries + a).status == 204);
    Caller luis = app.person("luis");
    test::run_cases(
        fixture.ana,
        {{"not without a word", "GET", kEntries + a + "/children", "", {}, 404, {"not_found"}},
         {"its children",
          "GET",
          kEntries + a + "/children?trashed=true",
          "",
          {},
          200,
          {"\"b\"", "\"g.txt\""},
          {"ETag"}},
         {"a page of them", "GET", kEntries + a + "/children?trashed=true&limit=1", "", {}, 200, {"\"b\""}, {"g.txt"}},
         {"theirs", "GET", kEntries + b + "/children?trashed=true", "", {}, 200, {"f.txt"}},
         {"facts and the way to it",
          "GET",
          kEntries + file + "?trashed=true",
          "",
          {},
          200,
          {"\"path\":[{\"id\":\"" + a}},
         {"bytes", "GET", kEntries + file + "/content?trashed=true", "", {}, 200, {"x"}},
         {"a live one as ever",
          "GET",
          kEntries + fixture.root + "/children?trashed=true",
          "",
          {},
          200,
          {"\"items\":[]"}},
         {"another flag", "GET", kEntries + a + "/children?trashed=1", "", {}, 400, {"true or false"}}});
    CHECK(luis("GET", kEntries + a + "/children?trashed=true").status == 404);
    const auto back = fixture.ana("POST", kEntries + file + "/restore");
    CHECK(back.status == 200);
    CHECK(back.json()["parent_id"] == fixture.root);
    CHECK(fixture.get(kEntries + b + "/children?trashed=true")["items"].empty());
    CHECK(fixture.get("/api/v1/session")["server"]["trash_keep"] == 30LL * 24 * 3600 * 1000);
    CHECK(fixture.ana("DELETE", kEntries + a + "?permanent=true").status == 204);
    CHECK(fixture.ana("GET", kEntries + b + "/children?trashed=true").status == 404);
}

TEST_CASE("search finds parts of names with their paths, in pages", "[search]") {
    AppServer app(GENERATE(from_range(test::engines())));
    EdgeFixture fixture(app);
    const std::string a = fixture.folder(fixture.root, "Informes");
    fixture.put(a, "Año nuevo.txt", "x");
    for (int i = 0; i < 3; ++i) fixture.put(a, "plan " + std::to_string(i), "x");
    const json found = fixture.get("/api/v1/search?q=ANO");
    REQUIRE(found["items"].size() == 1);
    CHECK(found["items"][0]["name"] == "Año nuevo.txt");
    CHECK(found["items"][0]["path"][1]["name"] == "Informes");
    CHECK(found["next_cursor"].is_null());
    const json first = fixture.get("/api/v1/search?q=plan&limit=2");
    CHECK(first["items"].size() == 2);
    const std::string cursor = first["next_cursor"];
    CHECK(fixture.get("/api/v1/search?q=plan&limit=2&cursor=" + cursor)["items"][0]["name"] == "plan 2");
    CHECK(fixture.get("/api/v1/search?q=plan&space_id=" + fixture.space)["items"].size() == 3);
    Caller eve = app.person("eve");
    CHECK(eve("GET", "/api/v1/search?q=plan").json()["items"].empty());
    CHECK(eve("GET", "/api/v1/search?q=plan&space_id=" + fixture.space).status == 404);
    CHECK(eve("GET", "/api/v1/search?q=plan&cursor=" + cursor).status == 400);
    for (const char* query : {"", "?q=", "?q=%ff", "?q=x&cursor=!", "?q=x&limit=0", "?q=x&space_id=1"}) {
        INFO(query);
        CHECK(fixture.ana("GET", std::string("/api/v1/search") + query).status == 400);
    }
    CHECK(fixture.ana("GET", "/api/v1/search?q=" + std::string(300, 'x')).status == 400);
}

TEST_CASE("a file's versions are listed and restored", "[versions]") {
    AppServer app(GENERATE(from_range(test::engines())));
    EdgeFixture fixture(app);
    const std::string file = fixture.put(fixture.root, "f.txt", "one");
    fixture.put(fixture.root, "f.txt", "two!");
    const json versions = fixture.get(kEntries + file + "/versions")["items"];
    REQUIRE(versions.size() == 2);
    CHECK(versions[0]["version"] == 2);
    CHECK(versions[0]["size"] == 4);
    CHECK(versions[1]["size"] == 3);
    CHECK(versions[1]["created_by"] == "ana");
    const json restored = fixture.ana("POST", kEntries + file + "/versions/1/restore").json();
    CHECK(restored["version"] == 3);
    CHECK(fixture.ana("GET", kEntries + file + "/content").body == "one");
    CHECK(fixture.ana("POST", kEntries + file + "/versions/9/restore").status == 404);
    CHECK(fixture.ana("POST", kEntries + file + "/versions/x/restore").status == 404);
    CHECK(fixture.ana("GET", kEntries + fixture.root + "/versions").status == 409);
}

}  // namespace bodega
