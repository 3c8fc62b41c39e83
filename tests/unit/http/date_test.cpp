#include "http/date.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::http {

TEST_CASE("HTTP dates: all three forms, and nothing else") {
    CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777000);
    CHECK(parse_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777000);
    CHECK(parse_date("Sun Nov  6 08:49:37 1994") == 784111777000);
    CHECK_FALSE(parse_date("1994-11-06T08:49:37Z"));
    CHECK_FALSE(parse_date("Sun, 06 Nov 1994 08:49:37"));
    CHECK_FALSE(parse_date(""));
}

}  // namespace bodega::http
