#include "config/rate.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::config;

TEST_CASE("rates are read") {
    CHECK(parse_rate("100/s burst=200") == Rate{100, 200});
    CHECK(parse_rate("100/s") == Rate{100, 100});
    CHECK(parse_rate("30/min") == Rate{0.5, 1});
    CHECK(parse_rate("3600/h burst=10") == Rate{1, 10});
}

TEST_CASE("a malformed rate is refused") {
    for (const char* text : {"", "100", "0/s", "-1/s", "1.5/s", "100/d", "100/s  burst=2", "100/s burst=0",
                             "100/s burst=", "100 /s", "100/s burst=2 x", "1000001/s"}) {
        INFO(text);
        CHECK_FALSE(parse_rate(text));
    }
}
