// An administrator's view of the audit log and the nodes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/fleet/nodes.h"
#include "store/fleet/leases.h"
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

bool ana_may_not(AppServer& app, const std::string& path) { return app.person("ana")("GET", path).status == 403; }

}  // namespace

TEST_CASE("every change is in the audit log, without secrets") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    root("POST", "/api/v1/users", R"({"username":"ana","password":"a very secret one"})",
         {{"X-Forwarded-For", "192.0.2.7"}});
    const std::string token = root("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    root("PATCH", "/api/v1/users/" + app.id_of("ana"), R"({"role":"admin","password":"another secret one"})");
    const auto log = root("GET", "/api/v1/audit");
    REQUIRE(log.status == 200);
    CHECK(actions(log.json()) == std::vector<std::string>{"user.password", "user.role", "token.create", "user.create",
                                                          "session.create", "user.create"});
    const auto made = log.json()["items"][3];
    CHECK(made["user"] == "root");
    CHECK(made["target"] == "ana");
    CHECK(made["target_id"] == app.id_of("ana"));
    CHECK(made["address"] == "192.0.2.7");
    CHECK(log.json()["items"][1]["detail"]["role"] == "admin");
    CHECK(log.json()["items"][5]["user"] == "command line");
    for (const std::string& secret : {std::string("secret one"), token, root.cookie.substr(7)})
        CHECK(log.body.find(secret) == std::string::npos);
}

TEST_CASE("the audit log names the folders of a move and a copy as they were named then") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana", store::Role::admin);
    const auto space = ana("GET", "/api/v1/spaces").json()["items"][0];
    const std::string root = space["root_id"];
    const auto folder = [&](const std::string& name) {
        return ana("POST", "/api/v1/entries/" + root + "/folders", nlohmann::json({{"name", name}}).dump())
            .json()["id"]
            .get<std::string>();
    };
    const std::string plans = folder("Plans \"A\""), moved = folder("moved");
    const std::string into = nlohmann::json({{"parent_id", plans}}).dump();
    const std::string back = nlohmann::json({{"parent_id", root}, {"name", "copy"}}).dump();
    CHECK(ana("PATCH", "/api/v1/entries/" + moved, into).status == 200);
    CHECK(ana("POST", "/api/v1/entries/" + moved + "/copies", back).status == 201);
    ana("PATCH", "/api/v1/entries/" + plans, R"({"name":"renamed"})");
    const auto done = ana("GET", "/api/v1/audit?limit=3").json()["items"];
    CHECK(done[2]["detail"] ==
          nlohmann::json({{"from_folder", space["name"]}, {"to_folder", "Plans \"A\""}, {"parent_id", plans}}));
    CHECK(done[1]["detail"] == nlohmann::json({{"of", "moved"}, {"to_folder", space["name"]}, {"from", moved}}));
}

TEST_CASE("the audit log is filtered and paged, newest first") {
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
    const auto all = root("GET", of_ana).json()["items"];
    const auto second = base::Ulid::parse(all[1]["id"].get<std::string>()).value().time();
    const auto since = root("GET", of_ana + "&since=" + std::to_string(second)).json()["items"];
    const auto until = root("GET", of_ana + "&until=" + std::to_string(second)).json()["items"];
    CHECK(since.size() + until.size() == 6);
    CHECK(since.size() >= 2);
    for (const auto& item : since) CHECK(base::Ulid::parse(item["id"].get<std::string>()).value().time() >= second);
    CHECK(root("GET", "/api/v1/audit?until=0").json()["items"].empty());
    CHECK(root("GET", "/api/v1/audit?since=soon").status == 400);
    CHECK(root("GET", "/api/v1/audit?until=999999999999999999").status == 400);
    CHECK(root("GET", "/api/v1/audit?user_id=x").status == 400);
    CHECK(root("GET", "/api/v1/audit?cursor=x").status == 400);
}

TEST_CASE("nodes are listed with their state, and silent ones as lost") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    app::Nodes nodes(app.catalog().pool());
    const base::Ulid one = base::Ulid::make(), two = base::Ulid::make();
    nodes.heartbeat({one, "alpha", "1.0", "http://192.0.2.1:80", "starting", ""});
    nodes.heartbeat({two, "beta", "1.1", "", "ready", "no object"});
    nodes.heartbeat({one, "alpha", "1.0", "http://192.0.2.1:80", "ready", R"({"rate":[1,2.5],"used_bytes":7})"});
    auto list = root("GET", "/api/v1/nodes").json()["items"];
    REQUIRE(list.size() == 2);
    CHECK(list[0]["name"] == "alpha");
    CHECK(list[0]["state"] == "ready");
    CHECK(list[0]["address"] == "http://192.0.2.1:80");
    CHECK(list[0]["stats"]["rate"][1] == 2.5);
    CHECK(list[1]["version"] == "1.1");
    CHECK(list[1]["stats"].is_null());
    const db::Sql age{"test.age", "UPDATE nodes SET seen_at = seen_at - 60000 WHERE name = 'beta'"};
    app.catalog().execute(age);
    CHECK(root("GET", "/api/v1/nodes").json()["items"][1]["state"] == "lost");
    nodes.leave(two);
    CHECK(root("GET", "/api/v1/nodes").json()["items"][1]["state"] == "gone");
    const db::Sql age_more{"test.age_more", "UPDATE nodes SET seen_at = seen_at - 3600000 WHERE name = 'beta'"};
    app.catalog().execute(age_more);
    CHECK(root("GET", "/api/v1/nodes").json()["items"].size() == 1);
    nodes.forget_old();
    CHECK(nodes.list().size() == 1);
    CHECK(ana_may_not(app, "/api/v1/nodes"));
}

TEST_CASE("a request to a node survives its heartbeats, and is in the audit log", "[nodes]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    app::Nodes nodes(app.catalog().pool());
    const base::Ulid id = base::Ulid::make();
    CHECK(nodes.asked(id, "alpha") == app::Ask::nothing);  // no row yet
    nodes.heartbeat({id, "alpha", "1.0", "", "ready", ""});
    const store::Node node = nodes.list().front();
    REQUIRE(nodes.ask(node, app::Ask::drain));
    nodes.heartbeat({id, "alpha", "1.0", "", "draining", ""});
    CHECK(nodes.asked(id, "alpha") == app::Ask::drain);
    CHECK(root("GET", "/api/v1/nodes").json()["items"][0]["asked"] == "drain");
    REQUIRE(nodes.ask(node, app::Ask::stop));
    CHECK(nodes.asked(id, "alpha") == app::Ask::stop);
    REQUIRE(nodes.ask(node, app::Ask::nothing));
    CHECK(nodes.asked(id, "alpha") == app::Ask::nothing);
    store::Node absent = node;
    absent.id = base::Ulid::make();
    CHECK_FALSE(nodes.ask(absent, app::Ask::drain));
    auto log = actions(root("GET", "/api/v1/audit?entry_id=" + id.text()).json());
    CHECK(log == std::vector<std::string>{"node.undrain", "node.stop", "node.drain"});
}

TEST_CASE("a drain belongs to the node's name, survives restarts and the loss of its row, until it is undone",
          "[nodes]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    app::Nodes nodes(app.catalog().pool());
    const auto start = [&](const char* name) {
        const base::Ulid id = base::Ulid::make();
        nodes.heartbeat({id, name, "1.0", "", "ready", ""});
        return id;
    };
    const auto row = [&](const base::Ulid& id) {
        const auto all = nodes.list();
        return *std::ranges::find(all, id, &store::Node::id);
    };
    const base::Ulid first = start("alpha");
    REQUIRE(nodes.ask(row(first), app::Ask::drain));
    CHECK(nodes.drain_asked_at("alpha"));
    const db::Sql lose{"test.lose", "DELETE FROM nodes"};
    app.catalog().execute(lose);
    CHECK(nodes.asked(first, "alpha") == app::Ask::drain);
    const auto absent = root("GET", "/api/v1/nodes").json();
    CHECK(absent["items"].empty());
    CHECK(absent["drains"][0]["name"] == "alpha");
    const base::Ulid again = start("alpha");
    CHECK(nodes.asked(again, "alpha") == app::Ask::drain);
    CHECK(row(again).drain_asked_at == nodes.drain_asked_at("alpha"));
    CHECK(nodes.asked(start("beta"), "beta") == app::Ask::nothing);

    SECTION("undone while it runs") { REQUIRE(nodes.ask(row(again), app::Ask::nothing)); }
    SECTION("undone while it does not") {
        nodes.leave(again);
        CHECK(nodes.end_drain("alpha"));
        CHECK_FALSE(nodes.end_drain("alpha"));
    }
    SECTION("asked to end") { REQUIRE(nodes.ask(row(again), app::Ask::stop)); }
    SECTION("absent for a month") {
        app.catalog().execute(lose);
        const db::Sql age{"test.age", "UPDATE node_drains SET seen_at = seen_at - 2592000000 - 1000"};
        app.catalog().execute(age);
        const base::Ulid other = start("alpha");  // in time
        nodes.forget_old();
        CHECK(nodes.asked(other, "alpha") == app::Ask::drain);
        app.catalog().execute(lose);
        app.catalog().execute(age);
        nodes.forget_old();
    }
    CHECK_FALSE(nodes.drain_asked_at("alpha"));
    CHECK(nodes.asked(start("alpha"), "alpha") == app::Ask::nothing);
}

TEST_CASE("a drain of one of two nodes with the same name ends with its process", "[nodes]") {
    AppServer app(GENERATE(from_range(test::engines())));
    app::Nodes nodes(app.catalog().pool());
    for (int i = 0; i < 2; ++i) nodes.heartbeat({base::Ulid::make(), "twin", "1.0", "", "ready", ""});
    const store::Node one = nodes.list().front();
    REQUIRE(nodes.ask(one, app::Ask::drain));
    CHECK(nodes.asked(one.id, "twin") == app::Ask::drain);
    CHECK_FALSE(nodes.drain_asked_at("twin"));
}

TEST_CASE("the fleet view lists leases, uploads and storage", "[nodes]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin);
    app::Nodes nodes(app.catalog().pool());
    const base::Ulid id = base::Ulid::make(), stranger = base::Ulid::make();
    nodes.heartbeat({id, "alpha", "1.0", "", "ready", R"({"used_bytes":7,"free_bytes":8,"total_bytes":9})"});
    app.catalog().pool().transact([&](db::Connection& connection) {
        store::Leases leases(connection);
        leases.acquire("sweeper", id, 60'000);
        leases.acquire("certificates", stranger, 60'000);
        leases.acquire("over", id, 0);
    });
    const auto fleet = root("GET", "/api/v1/nodes").json();
    REQUIRE(fleet["leases"].size() == 2);
    CHECK(fleet["leases"][0]["name"] == "certificates");
    CHECK(fleet["leases"][0]["node"].is_null());
    CHECK(fleet["leases"][1]["node"] == "alpha");
    CHECK(fleet["leases"][1]["expires_at"] > fleet["now"]);
    CHECK(fleet["uploads"] == nlohmann::json{{"open", 0}, {"active", 0}, {"received_bytes", 0}, {"length_bytes", 0}});
    CHECK(fleet["storage"] == nlohmann::json{{"used_bytes", 7}, {"free_bytes", 8}, {"total_bytes", 9}});
    CHECK(nodes.figures(id).leases == std::vector<std::string>{"sweeper"});
}

}  // namespace bodega
