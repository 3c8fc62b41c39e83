// Spaces and their members.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

std::string make_space(Caller& admin, const std::string& name) {
    return admin("POST", "/api/v1/spaces", nlohmann::json({{"name", name}}).dump()).json()["id"];
}

}  // namespace

TEST_CASE("the personal space is listed first, then the teams' by name") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    const std::string beta = make_space(root, "Beta"), alpha = make_space(root, "  Alpha ");
    for (const std::string& id : {beta, alpha})
        root("PUT", "/api/v1/spaces/" + id + "/members/" + app.id_of("ana"), R"({"role":"viewer"})");
    const auto mine = ana("GET", "/api/v1/spaces").json()["items"];
    REQUIRE(mine.size() == 3);
    CHECK(mine[0]["kind"] == "personal");
    CHECK(mine[0]["name"] == "ana");
    CHECK(mine[0]["role"] == "manager");
    CHECK(mine[0]["root_id"].get<std::string>() == app.root_of("ana"));
    CHECK(mine[1]["name"] == "Alpha");
    CHECK(mine[2]["role"] == "viewer");
    const auto every = root("GET", "/api/v1/spaces?all=true").json()["items"];
    REQUIRE(every.size() == 4);
    CHECK(every[0]["name"] == "root");
    CHECK(every[1]["name"] == "ana");
    CHECK(every[1]["role"].is_null());
    CHECK(ana("GET", "/api/v1/spaces?all=true").status == 403);
    CHECK(ana("GET", "/api/v1/spaces?all=yes").status == 400);
}

namespace {

// The names of a list, read in pages of at most `limit`; the last page has no cursor.
std::vector<std::string> in_pages(Caller& caller, const std::string& target, int limit, const char* name) {
    std::vector<std::string> names;
    std::string cursor;
    do {
        const char* const mark = target.find('?') == std::string::npos ? "?" : "&";
        const auto page = caller("GET", target + mark + "limit=" + std::to_string(limit) + "&cursor=" + cursor).json();
        CHECK(page["items"].size() <= static_cast<std::size_t>(limit));
        for (const auto& item : page["items"]) names.push_back(item[name]);
        cursor = page["next_cursor"].is_null() ? "" : page["next_cursor"];
    } while (!cursor.empty() && names.size() < 1000);
    return names;
}

std::vector<std::string> whole(Caller& caller, const std::string& target, const char* name) {
    std::vector<std::string> names;
    const auto page = caller("GET", target).json();
    for (const auto& item : page["items"]) names.push_back(item[name]);
    return names;
}

}  // namespace

TEST_CASE("spaces and members are paged, each once and in one order") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    const std::string team = make_space(root, "Team"), target = "/api/v1/spaces/" + team + "/members";
    Caller ana = app.person("ana");
    for (const char* name : {"ana", "Berta", "carla", "Zoe"}) {
        if (std::string_view(name) != "ana") app.person(name);
        root("PUT", target + "/" + app.id_of(name), R"({"role":"viewer"})");
    }
    for (const char* name : {"Same", "Same", "same", "A"})
        root("PUT", "/api/v1/spaces/" + make_space(root, name) + "/members/" + app.id_of("ana"),
             R"({"role":"viewer"})");
    const std::vector<std::string> mine{"ana", "A", "Same", "Same", "Team", "same"};
    const std::vector<std::string> every{"root", "Berta", "Zoe", "ana", "carla", "A", "Same", "Same", "Team", "same"};
    const std::vector<std::string> people{"ana", "Berta", "carla", "root", "Zoe"};
    CHECK(whole(ana, "/api/v1/spaces", "name") == mine);
    CHECK(whole(root, "/api/v1/spaces?all=true", "name") == every);
    CHECK(whole(root, target, "username") == people);
    for (int limit : {1, 2, 3, 5, 10, 1000}) {
        CAPTURE(limit);
        CHECK(in_pages(ana, "/api/v1/spaces", limit, "name") == mine);
        CHECK(in_pages(root, "/api/v1/spaces?all=true", limit, "name") == every);
        CHECK(in_pages(root, target, limit, "username") == people);
    }
    for (const char* bad : {"limit=0", "limit=1001", "limit=x", "cursor=x"}) {
        CAPTURE(bad);
        CHECK(root("GET", "/api/v1/spaces?" + std::string(bad)).status == 400);
        CHECK(root("GET", target + "?" + bad).status == 400);
    }
    // A cursor of another list.
    const auto page = root("GET", "/api/v1/spaces?all=true&limit=2").json();
    CHECK(root("GET", target + "?cursor=" + page["next_cursor"].get<std::string>()).status == 400);
}

TEST_CASE("only managers and administrators may change a space") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana"), eve = app.person("eve");
    const std::string id = make_space(root, "Team"), target = "/api/v1/spaces/" + id;
    root("PUT", target + "/members/" + app.id_of("ana"), R"({"role":"manager"})");
    root("PUT", target + "/members/" + app.id_of("eve"), R"({"role":"editor"})");
    CHECK(ana("PATCH", target, R"({"name":"Équipe"})").json()["name"] == "Équipe");
    CHECK(ana("PATCH", target, R"({"quota_bytes":10})").status == 403);
    CHECK(eve("PATCH", target, R"({"name":"Mine"})").status == 403);
    CHECK(root("PATCH", target, R"({"quota_bytes":10})").json()["quota_bytes"] == 10);
    CHECK(root("PATCH", target, R"({"name":"Team"})").json()["quota_bytes"] == 10);
    CHECK(root("PATCH", target, R"({"quota_bytes":null})").json()["quota_bytes"].is_null());
    CHECK(root("PATCH", target, R"({"name":"a\nb"})").status == 400);
    CHECK(eve("PATCH", "/api/v1/spaces/01ARZ3NDEKTSV4RRFFQ69G5FAV", "{}").status == 404);
    CHECK(eve("POST", "/api/v1/spaces", R"({"name":"Mine"})").status == 403);
}

TEST_CASE("a space does not exist for people who are not its members") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), eve = app.person("eve");
    const std::string id = make_space(root, "Secret"), target = "/api/v1/spaces/" + id;
    const std::string none = "/api/v1/spaces/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const std::string self = app.id_of("eve");
    auto same = [&](const char* method, const std::string& rest, const std::string& body) {
        auto one = eve(method, target + rest, body), other = eve(method, none + rest, body);
        INFO(method << rest);
        CHECK(one.status == 404);
        CHECK(one.json()["detail"] == other.json()["detail"]);
    };
    same("PATCH", "", R"({"name":"x"})");
    same("GET", "/members", "");
    CHECK(eve("PUT", target + "/members/" + self, R"({"role":"manager"})").status == 404);
    CHECK(eve("DELETE", target + "/members/" + self).status == 404);
    CHECK(eve("GET", "/api/v1/spaces").body.find("Secret") == std::string::npos);
}

TEST_CASE("members are added, changed and removed, except the last manager") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana"), eve = app.person("eve");
    const std::string members = "/api/v1/spaces/" + make_space(root, "Team") + "/members";
    const std::string of_root = members + "/" + app.id_of("root"), of_ana = members + "/" + app.id_of("ana");
    const std::string of_eve = members + "/" + app.id_of("eve");
    CHECK(root("PUT", of_ana, R"({"role":"viewer"})").json()["username"] == "ana");
    CHECK(root("PUT", of_ana, R"({"role":"owner"})").status == 400);
    CHECK(root("PUT", members + "/01ARZ3NDEKTSV4RRFFQ69G5FAV", R"({"role":"viewer"})").status == 404);
    CHECK(ana("GET", members).json()["items"].size() == 2);
    CHECK(ana("PUT", of_eve, R"({"role":"viewer"})").status == 403);
    CHECK(ana("PUT", of_ana, R"({"role":"manager"})").status == 403);  // nobody promotes themselves
    CHECK(root("PUT", of_root, R"({"role":"editor"})").status == 409);
    CHECK(root("DELETE", of_root).status == 409);
    CHECK(root("PUT", of_ana, R"({"role":"manager"})").status == 200);
    CHECK(ana("DELETE", of_root).status == 204);
    CHECK(ana("DELETE", of_ana).status == 409);
    CHECK(ana("PUT", of_eve, R"({"role":"editor"})").status == 200);
    CHECK(eve("DELETE", of_ana).status == 403);
    CHECK(eve("DELETE", of_eve).status == 204);  // anybody may leave
    CHECK(eve("GET", members).status == 404);
    CHECK(root("PUT", of_eve, R"({"role":"viewer"})").status == 200);  // an administrator may, without being in it
}

TEST_CASE("a personal space keeps its owner") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    app.person("eve");
    const std::string id = ana("GET", "/api/v1/spaces").json()["items"][0]["id"];
    const std::string members = "/api/v1/spaces/" + id + "/members/";
    CHECK(ana("PUT", members + app.id_of("eve"), R"({"role":"manager"})").status == 200);
    CHECK(ana("DELETE", members + app.id_of("ana")).status == 409);
    CHECK(ana("PUT", members + app.id_of("ana"), R"({"role":"viewer"})").status == 409);
    CHECK(root("DELETE", members + app.id_of("ana")).status == 409);
    CHECK(ana("DELETE", members + app.id_of("eve")).status == 204);
}

TEST_CASE("two managers can't resign at the same time") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    const std::string members = "/api/v1/spaces/" + make_space(root, "Team") + "/members/";
    const std::string of_root = members + app.id_of("root"), of_ana = members + app.id_of("ana");
    root("PUT", of_ana, R"({"role":"manager"})");
    {
        std::jthread a([&] { root("DELETE", of_root); });
        std::jthread b([&] { ana("DELETE", of_ana); });
    }
    const db::Sql managers{"test.managers",
                           "SELECT COUNT(*) FROM members c JOIN spaces p ON p.id = c.space_id "
                           "WHERE p.kind = 'team' AND c.role = 'manager'"};
    CHECK(app.catalog().number(managers) == 1);
}

}  // namespace bodega
