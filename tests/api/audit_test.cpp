// Who did what, and which nodes there are: an administrator's view.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/nodes.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

std::vector<std::string> actions(const nlohmann::json& page) {
    std::vector<std::string> list;
    for (const auto& item : page["items"]) list.push_back(item["action"]);
    return list;
}

}  // namespace

TEST_CASE("what is done is written down, without a secret") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    root("POST", "/api/v1/users", R"({"username":"ana","password":"a very secret one"})",
         {{"X-Forwarded-For", "192.0.2.7"}});
    const std::string token = root("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    root("PATCH", "/api/v1/users/" + app.id_of("ana"), R"({"role":"admin","password":"another secret one"})");
    const auto trail = root("GET", "/api/v1/audit");
    REQUIRE(trail.status == 200);
    CHECK(actions(trail.json()) == std::vector<std::string>{"user.password", "user.role", "token.create", "user.create",
                                                            "session.create", "user.create"});
    const auto made = trail.json()["items"][3];
    CHECK(made["user"] == "root");
    CHECK(made["target"] == "ana");
    CHECK(made["target_id"] == app.id_of("ana"));
    CHECK(made["address"] == "192.0.2.7");
    CHECK(trail.json()["items"][1]["detail"]["role"] == "admin");
    CHECK(trail.json()["items"][5]["user"] == "command line");
    for (const std::string& secret : {std::string("secret one"), token, root.cookie.substr(7)})
        CHECK(trail.body.find(secret) == std::string::npos);
}

TEST_CASE("the trail is filtered and paged, the newest first") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    for (int i = 0; i < 5; ++i) ana("POST", "/api/v1/tokens", R"({"name":"t)" + std::to_string(i) + R"("})");
    const std::string of_ana = "/api/v1/audit?user_id=" + app.id_of("ana");
    std::vector<std::string> targets;
    std::string cursor;
    for (int page = 0; page < 5; ++page) {
        const auto answer =
            root("GET", of_ana + "&action=token.create&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
        for (const auto& item : answer["items"]) targets.push_back(item["target"]);
        if (answer["next_cursor"].is_null()) break;
        cursor = answer["next_cursor"];
    }
    CHECK(targets == std::vector<std::string>{"t4", "t3", "t2", "t1", "t0"});
    CHECK(root("GET", of_ana).json()["items"].size() == 6);
    CHECK(root("GET", "/api/v1/audit?action=user.create").json()["items"].size() == 2);
    CHECK(root("GET", "/api/v1/audit?entry_id=" + app.id_of("ana")).json()["items"].size() == 2);
    CHECK(root("GET", "/api/v1/audit?entry_id=" + app.id_of("ana") + "&action=user.create").json()["items"].size() ==
          1);
    CHECK(root("GET", "/api/v1/audit?user_id=x").status == 400);
    CHECK(root("GET", "/api/v1/audit?cursor=x").status == 400);
}

TEST_CASE("nodes are listed with their state, and silent ones as lost") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    app::Nodes nodes(app.services());
    const base::Ulid one = base::Ulid::make(), two = base::Ulid::make();
    nodes.beat(one, "alpha", "1.0", "starting");
    nodes.beat(two, "beta", "1.1", "ready");
    nodes.beat(one, "alpha", "1.0", "ready");
    auto list = root("GET", "/api/v1/nodes").json()["items"];
    REQUIRE(list.size() == 2);
    CHECK(list[0]["name"] == "alpha");
    CHECK(list[0]["state"] == "ready");
    CHECK(list[1]["version"] == "1.1");
    const db::Sql age{"test.age", "UPDATE nodes SET seen_at = seen_at - 60000 WHERE name = 'beta'"};
    app.catalog().execute(age);
    CHECK(root("GET", "/api/v1/nodes").json()["items"][1]["state"] == "lost");
    nodes.leave(two);
    CHECK(root("GET", "/api/v1/nodes").json()["items"].size() == 1);
}

}  // namespace bodega
