#include "edge/routing/header_rules.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

TEST_CASE("a rule takes fields out, whatever their case, and puts lines in", "[edge]") {
    HeaderRules rules({"X-Frame-Options: DENY", "X-Empty:"}, {"Server"});
    CHECK_FALSE(rules.empty());
    CHECK_FALSE(rules.passes("server"));
    CHECK_FALSE(rules.passes("SERVER"));
    CHECK_FALSE(rules.passes("x-frame-options"));  // what is set replaces what came
    CHECK(rules.passes("X-Frame"));
    CHECK(rules.lines() == "X-Frame-Options: DENY\r\nX-Empty: \r\n");
}

TEST_CASE("no rules: all passes", "[edge]") {
    HeaderRules rules;
    CHECK(rules.empty());
    CHECK(rules.passes("server"));
    CHECK(rules.lines().empty());
}
