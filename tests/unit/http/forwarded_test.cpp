#include "http/forwarded.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::http {

TEST_CASE("Forwarded has one element for each proxy", "[http]") {
    struct Row {
        const char* value;
        std::vector<Hop> hops;
    };
    const Row rows[] = {
        {"for=192.0.2.43", {{"192.0.2.43", "", ""}}},
        {"For=\"[2001:db8:cafe::17]:4711\"", {{"[2001:db8:cafe::17]:4711", "", ""}}},
        {"for=192.0.2.60;proto=http;by=203.0.113.43", {{"192.0.2.60", "http", ""}}},
        {"for=192.0.2.43, for=198.51.100.17;host=a.example",
         {{"192.0.2.43", "", ""}, {"198.51.100.17", "", "a.example"}}},
        {" ;for=a; ;proto=https ,, ,for=b;", {{"a", "https", ""}, {"b", "", ""}}},
        {"for=\"a,b;c\\\"d\"", {{"a,b;c\"d", "", ""}}},
        {"secret=x", {}},
        {"", {}},
    };
    for (const Row& row : rows) {
        INFO(row.value);
        std::vector<Hop> hops;
        CHECK(read_forwarded(row.value, hops));
        CHECK(hops == row.hops);
    }
}

TEST_CASE("a malformed Forwarded is ignored", "[http]") {
    for (const char* value : {"for", "for=", "=a", "for=\"a", "for=\"a\\", "for=a b", "for=a;for=b", "for=a proto=http",
                              "for=[::1]", "for = a", "for=\"\"", "for=a, for=\"b"}) {
        INFO(value);
        std::vector<Hop> hops{{"before", "", ""}};
        CHECK_FALSE(read_forwarded(value, hops));
        CHECK(hops.size() == 1);
    }
}

TEST_CASE("a node is an address only if it is one", "[http]") {
    CHECK(node_address("192.0.2.1:80") == "192.0.2.1");
    CHECK(node_address("[2001:DB8::1]:4711") == "2001:db8::1");
    CHECK(node_address("2001:db8::1") == "2001:db8::1");
    CHECK(node_address("[::ffff:192.0.2.1]") == "192.0.2.1");
    for (const char* node :
         {"unknown", "_hidden", "", "[::1", "[::1]x", "192.0.2", "a.example:80", "[192.0.2.1", ":80"})
        CHECK(node_address(node).empty());
}

}  // namespace bodega::http
