#include "http/entity_tag.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::http {
namespace {

TEST_CASE("entity tags: lists as RFC 9110 writes them") {
    auto tags = parse_entity_tags(R"("a", W/"b" ,, "c,d")");
    REQUIRE(tags);
    CHECK(tags->tags == std::vector<EntityTag>{{false, "a"}, {true, "b"}, {false, "c,d"}});
    CHECK(tags->match_strong("\"a\""));
    CHECK_FALSE(tags->match_strong("\"b\""));
    CHECK(tags->match_weak("\"b\""));
    CHECK(parse_entity_tags(" *")->any);
    CHECK(parse_entity_tags("\"\"")->match_strong("\"\""));
}

TEST_CASE("entity tags: malformed tags are refused") {
    for (const char* field : {"", "a", "\"a", "\"a\" \"b\"", "w/\"a\"", ",", "*, \"a\"", "\"a b\"", "\"a\"x"})
        CHECK_FALSE(parse_entity_tags(field));
}

}  // namespace
}  // namespace bodega::http
