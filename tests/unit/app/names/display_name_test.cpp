#include "app/names/display_name.h"

#include <catch2/catch_test_macros.hpp>

#include "app/auth/throttle.h"
#include "base/error.h"

namespace bodega::app {

TEST_CASE("labels are trimmed and composed, and their fault names the field") {
    CHECK(clean_label("name", "  Informes 2026 ") == "Informes 2026");
    CHECK(clean_label("name", "Cafe\u0301") == "Café");
    CHECK(clean_label("name", "<b>a/b</b>") == "<b>a/b</b>");  // shown as text, so nothing to fear
    CHECK(clean_label("name", std::string(100, 'x')).size() == 100);
    for (const std::string& bad :
         {std::string(), std::string("   "), std::string("a\nb"), std::string("a\0b", 3), std::string("a\u0085b"),
          std::string("a\xff"), std::string(101, 'x'), std::string(5000, 'x')}) {
        INFO(bad);
        CHECK_THROWS_AS(clean_label("name", bad), base::Error);
    }
    try {
        clean_label("colour", "");
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).find("\"colour\"") != std::string::npos);
    }
}

TEST_CASE("an IPv6 household is one network of the throttle") {
    CHECK(network_of("2001:db8::1") == network_of("2001:db8:0:0:ffff::2"));
    CHECK(network_of("2001:db8::1") != network_of("2001:db8:0:1::1"));
    CHECK(network_of("192.0.2.1") == "192.0.2.1");
    CHECK(network_of("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(network_of("").empty());
}

}  // namespace bodega::app
