// Accounts as administrators manage them.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>

#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

}  // namespace

TEST_CASE("an administrator creates accounts, and broken rules are explained") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    const std::string target = "/api/v1/users";
    auto refused = [&](std::string name, std::string body, int status, std::string why) {
        return test::ApiCase{.name = std::move(name),
                             .method = "POST",
                             .target = target,
                             .body = std::move(body),
                             .status = status,
                             .expected = {std::move(why)}};
    };
    test::run_cases(
        root,
        {{.name = "made",
          .method = "POST",
          .target = target,
          .body = R"({"username":"José","password":"correct horse battery","quota_bytes":1000})",
          .status = 201,
          .expected = {R"("username":"José")", R"("role":"member")", R"("quota_bytes":1000)", R"("disabled":false)",
                       R"("last_seen_at":null)"},
          .forbidden = {"argon2", "password", "correct horse"}},
         refused("the same in another spelling", R"({"username":"JOSE\u0301","password":"correct horse battery"})", 409,
                 "name_taken"),
         refused("no password", R"({"username":"eve"})", 400, "password"),
         refused("a default password", R"({"username":"eve","password":""})", 400, "at least 10 characters"),
         refused("the name as password", R"({"username":"eve-longname","password":"eve-longname"})", 400,
                 "it is the user name"),
         refused("a role that is none", R"({"username":"eve","password":"correct horse battery","role":"king"})", 400,
                 "must be admin or member"),
         refused("a negative quota", R"({"username":"eve","password":"correct horse battery","quota_bytes":-1})", 400,
                 "quota"),
         refused("blanks", R"({"username":"a b","password":"correct horse battery"})", 400, "letters, digits"),
         refused("a colon", R"({"username":"a:b","password":"correct horse battery"})", 400, "letters, digits"),
         refused("markup", R"({"username":"<b>","password":"correct horse battery"})", 400, "begin with a letter"),
         refused("what can't be seen", R"({"username":"a\u200bb","password":"correct horse battery"})", 400,
                 "letters, digits"),
         refused("long", R"({"username":")" + std::string(65, 'x') + R"(","password":"correct horse battery"})", 400,
                 "64 characters")});
}

TEST_CASE("accounts are listed by name, in pages, and found by a part of it") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    for (const char* name : {"Álvaro", "beto", "Carla", "dora"}) app.person(name);
    std::vector<std::string> names;
    std::string cursor;
    for (int page = 0; page < 5; ++page) {
        const auto answer = root("GET", "/api/v1/users?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
        for (const auto& user : answer["items"]) names.push_back(user["username"]);
        if (answer["next_cursor"].is_null()) break;
        cursor = answer["next_cursor"];
    }
    CHECK(names == std::vector<std::string>{"beto", "Carla", "dora", "root", "Álvaro"});
    CHECK(root("GET", "/api/v1/users?q=AR").json()["items"].size() == 2);
    CHECK(root("GET", "/api/v1/users?q=%25_").json()["items"].size() == 0);
    CHECK(root("GET", "/api/v1/users?limit=0").status == 400);
    CHECK(root("GET", "/api/v1/users?limit=1001").status == 400);
    CHECK(root("GET", "/api/v1/users?cursor=!").status == 400);
}

TEST_CASE("signed-in users can find people to share with, but see only their names") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), root = app.person("root", store::Role::admin);
    app.person("gone");
    root("PATCH", "/api/v1/users/" + app.id_of("gone"), R"({"disabled":true})");
    const auto people = ana("GET", "/api/v1/people?q=");
    CHECK(people.json()["items"].size() == 2);
    CHECK(people.body.find("role") == std::string::npos);
    CHECK(people.body.find("gone") == std::string::npos);
    CHECK(ana("GET", "/api/v1/people?q=RO").json()["items"][0]["username"] == "root");
}

TEST_CASE("an account's role, quota and password can be changed") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    const std::string target = "/api/v1/users/" + app.id_of("ana");
    CHECK(root("PATCH", target, R"({"quota_bytes":5})").json()["quota_bytes"] == 5);
    CHECK(root("PATCH", target, R"({"role":"admin"})").json()["quota_bytes"] == 5);  // values that are not sent stay
    CHECK(ana("GET", "/api/v1/users").status == 200);                                // and takes effect at once
    CHECK(root("PATCH", target, R"({"quota_bytes":null})").json()["quota_bytes"].is_null());
    CHECK(root("PATCH", target, R"({"password":"short"})").status == 400);
    CHECK(root("PATCH", target, R"({"password":"a new long one"})").status == 200);
    CHECK(ana("GET", "/api/v1/session").status == 401);
    CHECK(ana.sign_in("ana", "a new long one").status == 200);
    CHECK(root("PATCH", "/api/v1/users/01ARZ3NDEKTSV4RRFFQ69G5FAV", "{}").status == 404);
    CHECK(root("PATCH", "/api/v1/users/..%2f..%2fetc", "{}").status == 404);
}

TEST_CASE("the last administrator can't be removed") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    const std::string self = "/api/v1/users/" + app.id_of("root");
    CHECK(root("PATCH", self, R"({"role":"member"})").status == 409);
    CHECK(root("PATCH", self, R"({"disabled":true})").status == 409);
    CHECK(root("DELETE", self).status == 409);
    app.person("sleeping", store::Role::admin);
    CHECK(root("PATCH", "/api/v1/users/" + app.id_of("sleeping"), R"({"disabled":true})").status == 200);
    CHECK(root("PATCH", self, R"({"role":"member"})").status == 409);  // a disabled account does not count
    app.person("second", store::Role::admin);
    CHECK(root("PATCH", self, R"({"role":"member"})").status == 200);
    CHECK(root("GET", "/api/v1/users").status == 403);
}

TEST_CASE("two administrators can't demote each other at the same time") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller one = app.person("one", store::Role::admin), two = app.person("two", store::Role::admin);
    const std::string first = "/api/v1/users/" + app.id_of("one"), second = "/api/v1/users/" + app.id_of("two");
    {
        std::jthread a([&] { one("PATCH", second, R"({"role":"member"})"); });
        std::jthread b([&] { two("PATCH", first, R"({"role":"member"})"); });
    }
    const db::Sql admins{"test.admins", "SELECT COUNT(*) FROM users WHERE role = 'admin'"};
    CHECK(app.catalog().number(admins) == 1);
}

TEST_CASE("a deleted account's files go to the administrator who deleted it") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana"), script = app.anonymous();
    script.token = ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["token"];
    const auto mine = ana("GET", "/api/v1/spaces").json()["items"][0];
    const auto team = root("POST", "/api/v1/spaces", R"({"name":"Team"})").json();
    const std::string members = "/api/v1/spaces/" + team["id"].get<std::string>() + "/members/";
    CHECK(root("PUT", members + app.id_of("ana"), R"({"role":"manager"})").status == 200);
    CHECK(root("DELETE", members + app.id_of("root")).status == 204);  // ana is its only manager now
    CHECK(root("DELETE", "/api/v1/users/" + app.id_of("ana")).status == 204);
    CHECK(ana("GET", "/api/v1/session").status == 401);
    CHECK(script("GET", "/api/v1/session").status == 401);
    CHECK(ana.sign_in("ana").status == 401);
    int found = 0;
    const auto spaces = root("GET", "/api/v1/spaces").json();
    for (const auto& space : spaces["items"]) {
        if (space["id"] != mine["id"] && space["id"] != team["id"]) continue;
        ++found;
        CHECK(space["kind"] == "team");
        CHECK(space["role"] == "manager");
    }
    CHECK(found == 2);
    CHECK(root("POST", "/api/v1/users", R"({"username":"ana","password":"correct horse battery"})").status == 201);
}

}  // namespace bodega
