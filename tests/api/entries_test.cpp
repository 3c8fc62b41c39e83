// Files and folders over the API: what each call answers, to whom.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::ApiCase;
using test::AppServer;
using test::Caller;

const std::string kEntries = "/api/v1/entries/";

std::string make_folder(Caller& caller, const std::string& parent, const std::string& name) {
    return caller("POST", kEntries + parent + "/folders", json({{"name", name}}).dump()).json()["id"];
}

std::string put(Caller& caller, const std::string& parent, const std::string& name, const std::string& bytes) {
    const auto answer = caller("PUT", kEntries + parent + "/files/" + name, bytes, {{"Content-Type", "text/plain"}});
    return answer.json()["id"];
}

std::string parent_body(const std::string& parent) { return json({{"parent_id", parent}}).dump(); }

}  // namespace

TEST_CASE("an entry is shown with the path to it and the caller's role", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = app.root_of("ana");
    const std::string a = make_folder(ana, root, "a"), b = make_folder(ana, a, "b");
    const std::string file = put(ana, b, "f.txt", "hello");
    const json shown = ana("GET", kEntries + file).json();
    CHECK(shown["kind"] == "file");
    CHECK(shown["size"] == 5);
    CHECK(shown["parent_id"] == b);
    CHECK(shown["sha256"] == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    CHECK(shown["modified_by"] == "ana");
    CHECK(shown["role"] == "manager");
    CHECK(shown["children_count"].is_null());
    CHECK(shown["path"] == json::parse(R"([{"id":")" + root + R"(","name":""},{"id":")" + a +
                                       R"(","name":"a"},{"id":")" + b + R"(","name":"b"}])"));
    const json folder = ana("GET", kEntries + a).json();
    CHECK(folder["children_count"] == 1);
    CHECK(folder["mime"].is_null());
    CHECK(folder["sha256"].is_null());
    const json top = ana("GET", kEntries + root).json();
    CHECK(top["parent_id"].is_null());
    CHECK(top["path"].empty());
}

TEST_CASE("an entry's tag stays until something visible changes", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = app.root_of("ana");
    const std::string a = make_folder(ana, root, "a"), b = make_folder(ana, a, "b");
    const std::string tag = ana("GET", kEntries + b).field("etag");
    REQUIRE(tag.size() > 4);
    const auto unchanged = ana("GET", kEntries + b, {}, {{"If-None-Match", tag}});
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());
    ana("PATCH", kEntries + a, R"({"name":"c"})");  // the path to it
    CHECK(ana("GET", kEntries + b, {}, {{"If-None-Match", tag}}).status == 200);
    CHECK(ana("PATCH", kEntries + b, R"({"name":"d"})", {{"If-Match", tag}}).status == 412);
    const std::string now = ana("GET", kEntries + b).field("etag");
    CHECK(ana("PATCH", kEntries + b, R"({"name":"d"})", {{"If-Match", "W/" + now}}).status == 412);  // a weak tag
    CHECK(ana("PATCH", kEntries + b, R"({"name":"d"})", {{"If-Match", "x" + now}}).status == 412);
    CHECK(ana("PATCH", kEntries + b, R"({"name":"d"})", {{"If-Match", now}}).status == 200);
}

TEST_CASE("impossible renames and moves are refused", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = app.root_of("ana");
    const std::string a = make_folder(ana, root, "a"), b = make_folder(ana, a, "b");
    const std::string file = put(ana, root, "f.txt", "hello");
    const auto patch = [&](std::string name, const std::string& id, std::string body, int status, std::string text) {
        return ApiCase{.name = std::move(name),
                       .method = "PATCH",
                       .target = kEntries + id,
                       .body = std::move(body),
                       .status = status,
                       .expected = {"application/problem+json", std::move(text)}};
    };
    test::run_cases(ana, {patch("nothing", a, "{}", 400, "nothing to change"),
                          patch("into itself", a, parent_body(a), 409, "into itself"),
                          patch("below itself", a, parent_body(b), 409, "into itself"),
                          patch("into a file", a, parent_body(file), 409, "file"),
                          patch("the space's own folder", root, R"({"name":"x"})", 409, "own folder"),
                          patch("a taken name", a, R"({"name":"f.txt"})", 409, "\"existing_id\":\"" + file + "\""),
                          patch("an unknown folder", a, parent_body("00000000000000000000000000"), 404, "not_found"),
                          patch("no id", a, R"({"parent_id":"x"})", 400, "parent_id"),
                          patch("an unknown entry", "00000000000000000000000000", R"({"name":"x"})", 404, "not_found"),
                          patch("a hostile id", "..%2f..%2fetc%2fpasswd", R"({"name":"x"})", 404, "not_found")});
    CHECK(ana("PATCH", kEntries + file, json({{"parent_id", b}, {"name", "g"}}).dump()).json()["parent_id"] == b);
}

TEST_CASE("a file with the name of a folder is refused with that folder", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = app.root_of("ana"), folder = make_folder(ana, root, "a");
    const auto answer = ana("PUT", kEntries + root + "/files/a", "hello", {{"Content-Type", "text/plain"}});
    CHECK(answer.status == 409);
    CHECK(answer.json()["code"] == "name_taken");
    CHECK(answer.json()["existing_id"] == folder);
}

TEST_CASE("a copy is another entry with the same content", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = app.root_of("ana");
    const std::string a = make_folder(ana, root, "a");
    const std::string file = put(ana, a, "f.txt", "hello");
    const auto copied = ana("POST", kEntries + a + "/copies", json({{"parent_id", root}, {"name", "copy"}}).dump());
    REQUIRE(copied.status == 201);
    CHECK(copied.field("location") == kEntries + copied.json()["id"].get<std::string>());
    const json below = ana("GET", kEntries + copied.json()["id"].get<std::string>() + "/children").json();
    REQUIRE(below["items"].size() == 1);
    CHECK(below["items"][0]["id"] != file);
    const std::string content = kEntries + below["items"][0]["id"].get<std::string>() + "/content";
    CHECK(ana("GET", content).body == "hello");
    ana("DELETE", kEntries + a + "?permanent=true");
    CHECK(ana("GET", content).body == "hello");
    test::run_cases(ana, {{.name = "a taken name",
                           .method = "POST",
                           .target = kEntries + copied.json()["id"].get<std::string>() + "/copies",
                           .body = parent_body(root),
                           .status = 409,
                           .expected = {"existing_id"}},
                          {.name = "no folder",
                           .method = "POST",
                           .target = kEntries + root + "/copies",
                           .body = "{}",
                           .status = 400,
                           .expected = {"parent_id"}}});
}

TEST_CASE("a viewer can only read, a stranger gets 404", "[entries]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana", store::Role::admin), eve = app.person("eve");
    const json space = ana("POST", "/api/v1/spaces", R"({"name":"Team"})").json();
    const std::string root = space["root_id"],
                      members = "/api/v1/spaces/" + space["id"].get<std::string>() + "/members/";
    const std::string file = put(ana, root, "f.txt", "hello"), folder = make_folder(ana, root, "a");
    const std::string mine = app.root_of("eve"), trash = "/api/v1/spaces/" + space["id"].get<std::string>() + "/trash";
    const auto all = [&](int read, int write) {
        test::run_cases(
            eve,
            {{.name = "show", .method = "GET", .target = kEntries + file, .status = read},
             {.name = "list", .method = "GET", .target = kEntries + root + "/children", .status = read},
             {.name = "versions", .method = "GET", .target = kEntries + file + "/versions", .status = read},
             {.name = "trash", .method = "GET", .target = trash, .status = read},
             {.name = "empty", .method = "DELETE", .target = trash, .status = write},
             {.name = "make",
              .method = "POST",
              .target = kEntries + root + "/folders",
              .body = R"({"name":"x"})",
              .status = write},
             {.name = "rename",
              .method = "PATCH",
              .target = kEntries + file,
              .body = R"({"name":"x"})",
              .status = write},
             {.name = "move in",
              .method = "PATCH",
              .target = kEntries + file,
              .body = parent_body(folder),
              .status = write},
             {.name = "move out",
              .method = "PATCH",
              .target = kEntries + file,
              .body = parent_body(mine),
              .status = write},
             {.name = "copy in",
              .method = "POST",
              .target = kEntries + file + "/copies",
              .body = parent_body(folder),
              .status = write},
             {.name = "delete", .method = "DELETE", .target = kEntries + file, .status = write},
             {.name = "for good", .method = "DELETE", .target = kEntries + file + "?permanent=true", .status = write},
             {.name = "version",
              .method = "POST",
              .target = kEntries + file + "/versions/1/restore",
              .status = write}});
    };
    all(404, 404);
    ana("PUT", members + app.id_of("eve"), R"({"role":"viewer"})");
    all(200, 403);
    CHECK(eve("POST", kEntries + file + "/copies", parent_body(mine)).status == 201);
    ana("PUT", members + app.id_of("eve"), R"({"role":"editor"})");
    CHECK(eve("PATCH", kEntries + file, parent_body(folder)).status == 200);
    CHECK(eve("DELETE", kEntries + file).status == 204);
    ana("DELETE", members + app.id_of("eve"));
    all(404, 404);
}

}  // namespace bodega
