#include "config/change.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::config;

TEST_CASE("a reload applies what a running server can change, and names the rest") {
    Config before, after;
    after.edge.listen = {"http://127.0.0.1:9"};
    after.edge.idle_timeout = 1s;
    after.log.level = "debug";
    after.node.drain_limit = 5s;
    after.database.password = "new";
    after.edge.loops = 7;
    Change change = compare(before, after);
    CHECK(change.followed ==
          std::vector<std::string_view>{"node.drain_limit", "edge.listen", "edge.idle_timeout", "log.level"});
    CHECK(change.for_restart == std::vector<std::string_view>{"edge.loops", "database.password"});
    CHECK(change.config.edge.listen == after.edge.listen);
    CHECK(change.config.edge.loops == before.edge.loops);
    CHECK(change.config.database.password.empty());
}

TEST_CASE("a reload applies changed routes and upstreams") {
    Config before, after;
    before.edge.upstreams.emplace_back().name = "flask";
    after.edge.upstreams = before.edge.upstreams;
    after.edge.routes.emplace_back().to = "app";
    Change change = compare(before, after);
    CHECK(change.followed == std::vector<std::string_view>{"edge.routes"});
    CHECK(change.config.edge.routes.size() == 1);
}

TEST_CASE("the same configuration twice is no change") {
    Change change = compare(Config{}, Config{});
    CHECK(change.followed.empty());
    CHECK(change.for_restart.empty());
}
