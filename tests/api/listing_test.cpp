// A folder's listing over the API: pages, orders, tags.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::AppServer;
using test::Caller;
using Names = std::vector<std::string>;

struct Folder {
    explicit Folder(AppServer& app) : ana(app.person("ana")), entry("/api/v1/entries/" + app.root_of("ana")) {}

    void make(const std::string& name) { ana("POST", entry + "/folders", json({{"name", name}}).dump()); }
    std::string put(const std::string& name, const std::string& bytes) {
        return ana("PUT", entry + "/files/" + name, bytes, {{"Content-Type", "text/plain"}}).json()["id"];
    }
    test::Answer list(const std::string& query = "", const std::string& if_none_match = "") {
        test::HttpClient::Fields fields;
        if (!if_none_match.empty()) fields.emplace_back("If-None-Match", if_none_match);
        return ana("GET", entry + "/children" + query, {}, fields);
    }
    Names walk(const std::string& query) {
        Names names;
        std::string cursor;
        for (int i = 0; i < 100; ++i) {
            const json page = list(query + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
            for (const auto& item : page["items"]) names.push_back(item["name"]);
            if (page["next_cursor"].is_null()) return names;
            cursor = page["next_cursor"];
        }
        return {"never ends"};
    }

    Caller ana;
    std::string entry;
};

}  // namespace

TEST_CASE("the pages of a listing have each entry once, in every order", "[listing]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Folder folder(app);
    for (const char* name : {"b", "a"}) folder.make(name);
    for (const char* name : {"y10", "y9", "x"}) folder.put(name, std::string(name) + name);
    CHECK(folder.walk("?limit=2") == Names{"a", "b", "x", "y9", "y10"});
    CHECK(folder.walk("?limit=2&order=desc") == Names{"b", "a", "y10", "y9", "x"});
    CHECK(folder.walk("?limit=2&sort=size") == Names{"a", "b", "x", "y9", "y10"});
    CHECK(folder.walk("?limit=1&sort=size&order=desc") == Names{"b", "a", "y10", "y9", "x"});
    CHECK(folder.walk("?limit=3&sort=modified_at&order=asc").size() == 5);
    CHECK(folder.walk("?limit=1&sort=kind").size() == 5);
    const json page = folder.list("?limit=2").json();
    CHECK(page["total"] == 5);
    CHECK(page["items"].size() == 2);
}

TEST_CASE("a listing's tag changes with its content", "[listing]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Folder folder(app);
    const std::string id = folder.put("x", "1");
    std::string tag = folder.list().field("etag");
    CHECK(folder.list("", tag).status == 304);
    CHECK(folder.list("", "W/" + tag).status == 304);
    CHECK(folder.list("", "\"other\"").status == 200);
    CHECK(folder.list("?limit=5", tag).status == 200);
    CHECK(folder.list("?order=desc").field("etag") != tag);
    const auto changed = [&](const char* what) {
        INFO(what);
        const auto answer = folder.list("", tag);
        CHECK(answer.status == 200);
        tag = answer.field("etag");
        CHECK(folder.list().body == answer.body);  // as it is kept
        return answer.json();
    };
    folder.put("x", "22");
    CHECK(changed("a new version")["items"][0]["size"] == 2);
    folder.ana("PATCH", "/api/v1/entries/" + id, R"({"name":"y"})");
    CHECK(changed("a rename")["items"][0]["name"] == "y");
    folder.ana("POST", "/api/v1/entries/" + id + "/versions/1/restore");
    CHECK(changed("a version that is back")["items"][0]["version"] == 3);
    folder.make("z");
    CHECK(changed("a folder")["total"] == 2);
    folder.ana("DELETE", "/api/v1/entries/" + id);
    CHECK(changed("the trash")["total"] == 1);
    folder.ana("POST", "/api/v1/entries/" + id + "/restore");
    CHECK(changed("back from it")["total"] == 2);
}

TEST_CASE("malformed parameters of a listing are refused", "[listing]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Folder folder(app);
    for (const char* name : {"a", "b"}) folder.make(name);
    const std::string file = folder.put("x", "1");
    const std::string cursor = folder.list("?limit=1").json()["next_cursor"];
    const auto refused = [&](std::string name, const std::string& query, std::string text) {
        return test::ApiCase{.name = std::move(name),
                             .method = "GET",
                             .target = folder.entry + "/children?" + query,
                             .status = 400,
                             .expected = {"application/problem+json", std::move(text)}};
    };
    test::run_cases(folder.ana, {refused("sort", "sort=colour", "sort"),
                                 refused("order", "order=up", "order"),
                                 refused("limit 0", "limit=0", "limit"),
                                 refused("limit 1001", "limit=1001", "limit"),
                                 refused("limit", "limit=ten", "limit"),
                                 refused("cursor of another sort", "sort=size&cursor=" + cursor, "cursor"),
                                 refused("cursor of another order", "order=desc&cursor=" + cursor, "cursor"),
                                 refused("damaged cursor", "cursor=" + cursor.substr(1), "cursor"),
                                 refused("hostile cursor", "cursor=%27%20OR%201%3D1", "cursor"),
                                 {.name = "a file",
                                  .method = "GET",
                                  .target = "/api/v1/entries/" + file + "/children",
                                  .status = 409,
                                  .expected = {"file"}}});
    CHECK(folder.list("?limit=1000").status == 200);
    CHECK(folder.ana("HEAD", folder.entry + "/children").status == 200);
}

}  // namespace bodega
