#include "base/clock.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::base;

TEST_CASE("times are formatted as RFC 3339 and RFC 9110 require") {
    CHECK(rfc3339(0) == "1970-01-01T00:00:00.000Z");
    CHECK(rfc3339(1795489445678) == "2026-11-24T03:04:05.678Z");
    CHECK(rfc3339(951782400007) == "2000-02-29T00:00:00.007Z");
    CHECK(http_date(784111777000) == "Sun, 06 Nov 1994 08:49:37 GMT");  // the RFC's own example
    CHECK(http_date(784111777999) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("times before 1970 are formatted, too") {
    CHECK(rfc3339(-1) == "1969-12-31T23:59:59.999Z");
    CHECK(rfc3339(-1000) == "1969-12-31T23:59:59.000Z");
    CHECK(http_date(-1) == "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST_CASE("the clock's now is later than the time of this test") { CHECK(now_ms() > 1700000000000); }
