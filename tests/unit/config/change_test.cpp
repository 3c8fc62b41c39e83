#include "config/change.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "config/key.h"
#include "config/rows.h"

using namespace bodega::config;

namespace {

using Names = std::vector<std::string_view>;

// Sets another value than the one that it has; whether the value makes sense does not matter here.
void alter(const Key& key, Config& config) {
    struct Alter {
        Config& config;
        void operator()(Member<std::string> member) const { member(config) += "x"; }
        void operator()(Member<int> member) const { ++member(config); }
        void operator()(Member<std::int64_t> member) const { ++member(config); }
        void operator()(Member<Duration> member) const { ++member(config); }
        void operator()(Member<std::vector<std::string>> member) const { member(config).emplace_back("x"); }
    };
    std::visit(Alter{config}, key.member);
}

bool is_equal(const Key& key, Config a, Config b) {
    return std::visit([&](auto member) { return member(a) == member(b); }, key.member);
}

// Three rows; a key of rows is one of the last.
Config with_rows(const Rows& rows) {
    Config config;
    for (int i = 0; i < 3; ++i) rows.begin(config, "config.toml:" + std::to_string(i));
    return config;
}

}  // namespace

TEST_CASE("a reload applies what a running server can change, and names the rest") {
    Config before, after;
    after.edge.listen = {"http://127.0.0.1:9"};
    after.edge.idle_timeout = 1s;
    after.log.level = "debug";
    after.node.drain_limit = 5s;
    after.database.password = "new";
    after.edge.loops = 7;
    Change change = compare(before, after);
    CHECK(change.followed == Names{"node.drain_limit", "edge.listen", "edge.idle_timeout", "log.level"});
    CHECK(change.for_restart == Names{"edge.loops", "database.password"});
    CHECK(change.config.edge.listen == after.edge.listen);
    CHECK(change.config.edge.loops == before.edge.loops);
    CHECK(change.config.database.password.empty());
}

TEST_CASE("a reload applies each key of the table, or keeps its old value and says that it needs a restart") {
    for (const Key& key : keys()) {
        INFO(key.name);
        const Config before;
        Config after;
        alter(key, after);
        const Change change = compare(before, after);
        const bool follows = key.effect == Effect::at_reload;
        CHECK(change.followed == (follows ? Names{key.name} : Names{}));
        CHECK(change.for_restart == (follows ? Names{} : Names{key.name}));
        CHECK(is_equal(key, change.config, follows ? after : before));
        CHECK_FALSE(is_equal(key, before, after));
    }
}

TEST_CASE("what is read once, when the server starts, is not said to follow a reload") {
    for (std::string_view name : {"edge.loops", "edge.file_threads", "edge.admin_listen", "edge.acme.names",
                                  "edge.tls.certificates_check", "edge.tls.ticket_rotation", "node.data_dir",
                                  "app.listen", "database.url", "accounts.attempts", "files.max_file", "log.output"}) {
        INFO(name);
        const Key* key = find_key(name);
        REQUIRE(key);
        CHECK(key->effect == Effect::at_start);
    }
}

TEST_CASE("a reload notices a change of each key of each row") {
    for (const Rows& rows : all_rows()) {
        for (const Key& key : rows.keys) {
            INFO(key.name);
            const Config before = with_rows(rows);
            Config after = before;
            alter(key, after);
            const Change change = compare(before, after);
            CHECK(change.followed == Names{rows.name});
            CHECK(change.for_restart.empty());
            CHECK(is_equal(key, change.config, after));
            CHECK_FALSE(same_routes(before.edge, after.edge));
        }
    }
}

TEST_CASE("a reload notices a row that was added, removed or moved") {
    for (const Rows& rows : all_rows()) {
        INFO(rows.name);
        Config before = with_rows(rows);
        alter(rows.keys.front(), before);
        Config more = before;
        rows.begin(more, "config.toml:9");
        CHECK(compare(before, more).followed == Names{rows.name});
        CHECK(compare(more, before).followed == Names{rows.name});
        Config moved = with_rows(rows);
        std::reverse(before.edge.upstreams.begin(), before.edge.upstreams.end());
        std::reverse(before.edge.routes.begin(), before.edge.routes.end());
        alter(rows.keys.front(), moved);
        CHECK(compare(before, moved).followed == Names{rows.name});
    }
}

TEST_CASE("a row that only stands in another line is no change") {
    for (const Rows& rows : all_rows()) {
        INFO(rows.name);
        Config before, after;
        rows.begin(before, "config.toml:12");
        rows.begin(after, "config.toml:13");
        CHECK(compare(before, after).followed.empty());
        CHECK(same_routes(before.edge, after.edge));
    }
}

TEST_CASE("a reload applies changed routes and upstreams") {
    Config before, after;
    before.edge.upstreams.emplace_back().name = "flask";
    after.edge.upstreams = before.edge.upstreams;
    after.edge.routes.emplace_back().to = "app";
    Change change = compare(before, after);
    CHECK(change.followed == Names{"edge.routes"});
    CHECK(change.config.edge.routes.size() == 1);
}

TEST_CASE("the same configuration twice is no change") {
    Change change = compare(Config{}, Config{});
    CHECK(change.followed.empty());
    CHECK(change.for_restart.empty());
}
