#include "http/conditions.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::http {
namespace {

constexpr base::Milliseconds kModified = 784111777000;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr const char* kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";

Precondition check(const Conditions& conditions) { return check_read(conditions, {"\"tag\"", kModified + 999}); }

TEST_CASE("preconditions of a read, in the order of RFC 9110") {
    CHECK(check({}) == Precondition::holds);
    CHECK(check({.if_none_match = "\"tag\""}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "W/\"tag\""}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "*"}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "\"other\""}) == Precondition::holds);
    CHECK(check({.if_none_match = "garbage"}) == Precondition::holds);
    CHECK(check({.if_modified_since = kSame}) == Precondition::not_modified);
    CHECK(check({.if_modified_since = kBefore}) == Precondition::holds);
    // An older file replaced a newer one: the client's copy, with a later date, is a different one.
    CHECK(check({.if_modified_since = kAfter}) == Precondition::holds);
    CHECK(check({.if_modified_since = "garbage"}) == Precondition::holds);
    CHECK(check({.if_match = "\"tag\""}) == Precondition::holds);
    CHECK(check({.if_match = "W/\"tag\""}) == Precondition::failed);
    CHECK(check({.if_match = "\"other\""}) == Precondition::failed);
    CHECK(check({.if_match = "garbage"}) == Precondition::failed);
    CHECK(check({.if_unmodified_since = kSame}) == Precondition::holds);
    CHECK(check({.if_unmodified_since = kBefore}) == Precondition::failed);
}

TEST_CASE("preconditions of a representation without a tag or a date") {
    auto check_bare = [](const Conditions& conditions) { return check_read(conditions, {""}); };
    CHECK(check_bare({.if_none_match = "\"tag\""}) == Precondition::holds);
    CHECK(check_bare({.if_none_match = "*"}) == Precondition::not_modified);
    CHECK(check_bare({.if_match = "\"\""}) == Precondition::failed);
    CHECK(check_bare({.if_match = "*"}) == Precondition::holds);
    CHECK(check_bare({.if_modified_since = kSame}) == Precondition::holds);
    CHECK(check_bare({.if_unmodified_since = kBefore}) == Precondition::holds);
}

TEST_CASE("several field lines form one list") {
    const Fields fields = {{"If-None-Match", "\"a\"", Name::if_none_match},
                           {"if-none-match", "\"tag\"", Name::if_none_match},
                           {"If-Modified-Since", kSame, Name::if_modified_since}};
    const Conditions conditions = conditions_of(fields);
    CHECK(conditions.if_none_match == "\"a\", \"tag\"");
    CHECK(conditions.if_modified_since == kSame);
    CHECK_FALSE(conditions.if_match);
    CHECK(check(conditions) == Precondition::not_modified);
}

TEST_CASE("preconditions: a tag takes precedence over a date") {
    CHECK(check({.if_none_match = "\"other\"", .if_modified_since = kSame}) == Precondition::holds);
    CHECK(check({.if_match = "\"tag\"", .if_unmodified_since = kBefore}) == Precondition::holds);
    CHECK(check({.if_match = "\"other\"", .if_none_match = "\"tag\""}) == Precondition::failed);
}

}  // namespace
}  // namespace bodega::http
