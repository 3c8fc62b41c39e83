#include "base/network.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>

#include "base/error.h"

namespace bodega::base {

TEST_CASE("a network contains the addresses of its prefix") {
    struct Row {
        const char* network;
        const char* address;
        bool inside;
    };
    const Row rows[] = {{"10.0.0.0/8", "10.255.0.1", true},
                        {"10.0.0.0/8", "11.0.0.1", false},
                        {"10.1.2.0/23", "10.1.3.255", true},
                        {"10.1.2.0/23", "10.1.4.0", false},
                        {"192.0.2.7", "192.0.2.7", true},
                        {"192.0.2.7", "192.0.2.8", false},
                        {"0.0.0.0/0", "203.0.113.1", true},
                        {"0.0.0.0/0", "2001:db8::1", false},
                        {"10.0.0.0/8", "::ffff:10.0.0.1", true},
                        {"2001:db8::/33", "2001:db8:7fff::1", true},
                        {"2001:db8::/33", "2001:db8:8000::1", false},
                        {"::/0", "::1", true},
                        {"::1/128", "::1", true},
                        {"10.0.0.0/8", "not an address", false},
                        {"10.0.0.0/8", "", false}};
    for (const Row& row : rows) {
        INFO(row.network << " " << row.address);
        const auto network = Network::parse(row.network);
        REQUIRE(network);
        CHECK(network->contains(row.address) == row.inside);
    }
    for (const char* text :
         {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "::/129", "x/8", "10.0.0.0/8x"}) {
        INFO(text);
        CHECK_FALSE(Network::parse(text));
    }
}

TEST_CASE("a list of networks contains the addresses of each") {
    const Networks networks("edge.trusted_proxies", {"10.0.0.0/8", "2001:db8::/32"});
    CHECK(networks.contain("10.9.8.7"));
    CHECK(networks.contain("2001:db8::9"));
    CHECK_FALSE(networks.contain("192.0.2.1"));
    CHECK_FALSE(networks.contain("unknown"));
    CHECK_FALSE(Networks().contain("10.9.8.7"));
    CHECK_THROWS_AS(Networks("edge.trusted_proxies", {"10.0.0.0/33"}), Error);
}

TEST_CASE("an address has one canonical text") {
    for (auto [text, spelling] :
         {std::pair("2001:DB8:0:0::1", "2001:db8::1"), std::pair("::ffff:192.0.2.1", "192.0.2.1"),
          std::pair("192.0.2.1", "192.0.2.1"), std::pair("::", "::")})
        CHECK(address_text(*parse_address(text)) == spelling);
}

TEST_CASE("a malformed address, or one with text after it, is refused") {
    CHECK(parse_address("192.0.2.1"));
    CHECK(parse_address("::ffff:192.0.2.1") == parse_address("192.0.2.1"));
    using namespace std::string_view_literals;
    for (std::string_view text : {""sv, "192.0.2"sv, "192.0.2.1:80"sv, "192.0.2.1\0"sv, "[::1]"sv, "::1%eth0"sv})
        CHECK_FALSE(parse_address(text));
}

}  // namespace bodega::base
