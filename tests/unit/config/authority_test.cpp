#include "config/authority.h"

#include <catch2/catch_test_macros.hpp>

using bodega::config::is_authority;

TEST_CASE("the authority of a setting's URL is a host name or an IPv6 address, and maybe a port", "[config]") {
    for (const char* good :
         {"a", "Files.Example.org", "a_b-c:1", "a:65535", "169.254.169.254", "[::1]", "[fd00:ec2::254]:8080"}) {
        INFO(good);
        CHECK(is_authority(good));
    }
    for (const char* bad : {"",     ":80",    "a:",     "a:0", "a:65536", "a:080000",  "a:abc", "a:-1",     "a:+1",
                            "[::1", "[::1]x", "[::1]:", "[]",  "[a]",     "[1.2.3.4]", "::1",   "a:1:2",    "a;b",
                            "a{b",  "a b",    "u@a",    "a/b", "a#b",     "a?b",       "a%41",  "\xc3\xb1", "a\x12"}) {
        INFO(bad);
        CHECK_FALSE(is_authority(bad));
    }
}
