#include "app/names/display_name.h"

#include <catch2/catch_test_macros.hpp>

#include "app/auth/throttle.h"
#include "base/error.h"

namespace bodega::app {

TEST_CASE("display names are trimmed and composed, and an error names the field") {
    CHECK(clean_display_name("name", "  Informes 2026 ") == "Informes 2026");
    CHECK(clean_display_name("name", "Cafe\u0301") == "Café");
    CHECK(clean_display_name("name", "<b>a/b</b>") == "<b>a/b</b>");  // shown as text, so harmless
    CHECK(clean_display_name("name", std::string(100, 'x')).size() == 100);
    for (const std::string& bad :
         {std::string(), std::string("   "), std::string("a\nb"), std::string("a\0b", 3), std::string("a\u0085b"),
          std::string("a\xff"), std::string(101, 'x'), std::string(5000, 'x')}) {
        INFO(bad);
        CHECK_THROWS_AS(clean_display_name("name", bad), base::Error);
    }
    try {
        clean_display_name("colour", "");
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).find("\"colour\"") != std::string::npos);
    }
}

TEST_CASE("the throttle counts an IPv6 /64 as one network") {
    CHECK(network_of("2001:db8::1") == network_of("2001:db8:0:0:ffff::2"));
    CHECK(network_of("2001:db8::1") != network_of("2001:db8:0:1::1"));
    CHECK(network_of("192.0.2.1") == "192.0.2.1");
    CHECK(network_of("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(network_of("").empty());
}

}  // namespace bodega::app
