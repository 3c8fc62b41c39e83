#include "http/conditions.h"

#include <catch2/catch_test_macros.hpp>

#include "http/date.h"

namespace bodega::http {
namespace {

constexpr base::Milliseconds kModified = 784111777000;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr const char* kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";

TEST_CASE("HTTP dates: all three forms, and nothing else") {
    CHECK(parse_http_date(kSame) == kModified);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == kModified);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == kModified);
    CHECK_FALSE(parse_http_date("1994-11-06T08:49:37Z"));
    CHECK_FALSE(parse_http_date("Sun, 06 Nov 1994 08:49:37"));
    CHECK_FALSE(parse_http_date(""));
}

Precondition check(ConditionFields fields) { return check_read(fields, {"tag", kModified + 999}); }

TEST_CASE("preconditions of a read, in the order of RFC 9110") {
    CHECK(check({}) == Precondition::holds);
    CHECK(check({.if_none_match = "\"tag\""}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "W/\"tag\""}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "*"}) == Precondition::not_modified);
    CHECK(check({.if_none_match = "\"other\""}) == Precondition::holds);
    CHECK(check({.if_none_match = "garbage"}) == Precondition::holds);
    CHECK(check({.if_modified_since = kSame}) == Precondition::not_modified);
    CHECK(check({.if_modified_since = kBefore}) == Precondition::holds);
    // A file that took the place of a newer one: the client's copy, dated later, is another.
    CHECK(check({.if_modified_since = kAfter}) == Precondition::holds);
    CHECK(check({.if_modified_since = "garbage"}) == Precondition::holds);
    CHECK(check({.if_match = "\"tag\""}) == Precondition::holds);
    CHECK(check({.if_match = "W/\"tag\""}) == Precondition::failed);
    CHECK(check({.if_match = "\"other\""}) == Precondition::failed);
    CHECK(check({.if_match = "garbage"}) == Precondition::failed);
    CHECK(check({.if_unmodified_since = kSame}) == Precondition::holds);
    CHECK(check({.if_unmodified_since = kBefore}) == Precondition::failed);
}

TEST_CASE("preconditions: a tag takes precedence over a date") {
    CHECK(check({.if_none_match = "\"other\"", .if_modified_since = kSame}) == Precondition::holds);
    CHECK(check({.if_match = "\"tag\"", .if_unmodified_since = kBefore}) == Precondition::holds);
    CHECK(check({.if_match = "\"other\"", .if_none_match = "\"tag\""}) == Precondition::failed);
}

}  // namespace
}  // namespace bodega::http
