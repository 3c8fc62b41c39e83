#include "http/target.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("authorities", "[http][target]") {
    for (std::string_view good : {"a", "a.example.org:1", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:8080", "a_b-c"})
        CHECK(is_authority(good));
    for (std::string_view bad : {"", ":80", "a:", "a:0", "a:99999", "a:-1", "[::1", "[]", "[::1]x", "a b", "a/b", "a@b",
                                 "a%20", "::1", "[v1.x]", "[::1%25lo]"}) {
        INFO(bad);
        CHECK_FALSE(is_authority(bad));
    }
}
