#include "web/etag.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::web {
namespace {

TEST_CASE("entity tags: lists as RFC 9110 writes them") {
    auto tags = parse_entity_tags(R"("a", W/"b" ,, "c,d")");
    REQUIRE(tags);
    CHECK(tags->tags == std::vector<EntityTag>{{false, "a"}, {true, "b"}, {false, "c,d"}});
    CHECK(tags->match_strong("a"));
    CHECK_FALSE(tags->match_strong("b"));
    CHECK(tags->match_weak("b"));
    CHECK(parse_entity_tags(" *")->any);
    CHECK(parse_entity_tags("\"\"")->match_strong(""));
}

TEST_CASE("entity tags: what is none is none") {
    for (const char* field : {"", "a", "\"a", "\"a\" \"b\"", "w/\"a\"", ",", "*, \"a\"", "\"a b\"", "\"a\"x"})
        CHECK_FALSE(parse_entity_tags(field));
}

TEST_CASE("a content's tag is its sha256, and comes back") {
    store::Sha256 sha256{};
    sha256[0] = 0xab;
    std::string tag = content_etag(sha256);
    CHECK(tag == "\"ab" + std::string(62, '0') + "\"");
    CHECK(parse_content_tag(tag.substr(1, 64)) == sha256);
    CHECK_FALSE(parse_content_tag("ab"));
    CHECK_FALSE(parse_content_tag(std::string(64, 'x')));
}

}  // namespace
}  // namespace bodega::web
