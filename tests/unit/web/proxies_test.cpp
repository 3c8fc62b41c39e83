#include "web/proxies.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::web {

TEST_CASE("networks hold the addresses of their prefix") {
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
    CHECK_THROWS_AS(Proxies({"10.0.0.0/33"}), base::Error);
}

TEST_CASE("the client is the last address that no trusted proxy vouches for") {
    const Proxies proxies({"10.0.0.0/8", "127.0.0.1"});
    CHECK(proxies.client_address("127.0.0.1", "") == "127.0.0.1");
    CHECK(proxies.client_address("127.0.0.1", "192.0.2.1") == "192.0.2.1");
    CHECK(proxies.client_address("127.0.0.1", "198.51.100.1, 192.0.2.1") == "192.0.2.1");
    CHECK(proxies.client_address("127.0.0.1", "198.51.100.1, 192.0.2.1 ,10.0.0.1") == "192.0.2.1");
    CHECK(proxies.client_address("127.0.0.1", "10.0.0.2, 10.0.0.1") == "10.0.0.2");
    CHECK(proxies.client_address("127.0.0.1", "evil, 10.0.0.1") == "10.0.0.1");
    CHECK(proxies.client_address("127.0.0.1", "192.0.2.1:4711") == "192.0.2.1");
    CHECK(proxies.client_address("127.0.0.1", "[2001:db8::1]:4711") == "2001:db8::1");
    CHECK(proxies.client_address("", "2001:db8::1") == "2001:db8::1");
    CHECK(proxies.client_address("", ",,,") == "");
}

}  // namespace bodega::web
