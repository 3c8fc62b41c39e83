#include "edge/routing/header_rules.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

TEST_CASE("a rule removes fields, whatever their case, and adds lines", "[edge]") {
    HeaderRules rules({"X-Frame-Options: DENY", "X-Empty:"}, {"Server"});
    CHECK_FALSE(rules.empty());
    CHECK_FALSE(rules.passes("server"));
    CHECK_FALSE(rules.passes("SERVER"));
    CHECK_FALSE(rules.passes("x-frame-options"));  // a set field replaces the received one
    CHECK(rules.passes("X-Frame"));
    CHECK(rules.lines() == "X-Frame-Options: DENY\r\nX-Empty: \r\n");
}

TEST_CASE("without rules all fields pass", "[edge]") {
    HeaderRules rules;
    CHECK(rules.empty());
    CHECK(rules.passes("server"));
    CHECK(rules.lines().empty());
}
