#include "config/value.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::config;

TEST_CASE("durations are a whole number and a unit", "[config]") {
    CHECK(parse_duration("1500ms") == 1500ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("10min") == 10min);
    CHECK(parse_duration("12h") == 12h);
    CHECK(parse_duration("7d") == 7 * 24h);
    CHECK(parse_duration("0s") == 0s);
    for (const char* bad : {"", "s", "30", "-1s", "1.5s", "30 s", "30S", "30m", "+5s", "5s ", "9999999999999999d"}) {
        INFO(bad);
        CHECK_FALSE(parse_duration(bad));
    }
}

TEST_CASE("sizes are a whole number of bytes with an optional unit", "[config]") {
    CHECK(parse_size("65536") == 65536);
    CHECK(parse_size("8MiB") == 8 << 20);
    CHECK(parse_size("5TiB") == std::int64_t{5} << 40);
    CHECK(parse_size("1GB") == 1'000'000'000);
    CHECK(parse_size("0B") == 0);
    for (const char* bad : {"", "MiB", "8 MiB", "8mib", "-1", "1.5MiB", "8388608TiB", "99999999999999999999"}) {
        INFO(bad);
        CHECK_FALSE(parse_size(bad));
    }
}

TEST_CASE("formatting uses the largest exact unit", "[config]") {
    CHECK(format_duration(7 * 24h) == "7d");
    CHECK(format_duration(90s) == "90s");
    CHECK(format_duration(1500ms) == "1500ms");
    CHECK(format_duration(0ms) == "0s");
    CHECK(format_size(8 << 20) == "8MiB");
    CHECK(format_size(1000) == "1000B");
    CHECK(format_size(0) == "0B");
}

TEST_CASE("lists are split at commas", "[config]") {
    CHECK(parse_list("").empty());
    CHECK(parse_list(" , ").empty());
    CHECK(parse_list("a") == std::vector<std::string>{"a"});
    CHECK(parse_list(" a , b,") == std::vector<std::string>{"a", "b"});
    CHECK(format_list({"a", "b"}) == "a, b");
}

TEST_CASE("the distance between names counts a swap as one edit", "[config]") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("listen", "listen") == 0);
    CHECK(edit_distance("lsiten", "listen") == 1);
    CHECK(edit_distance("listn", "listen") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
}
