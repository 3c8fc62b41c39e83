#include "http/target.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

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

TEST_CASE("an authority is split into host and port", "[http][target]") {
    auto parts = [](std::string_view text) {
        const Authority a = split_authority(text);
        return std::string(a.host) + "|" + std::string(a.port);
    };
    CHECK(parts("h") == "h|");
    CHECK(parts("h:8080") == "h|8080");
    CHECK(parts("[::1]") == "[::1]|");
    CHECK(parts("[2001:db8::1]:8080") == "[2001:db8::1]|8080");
    CHECK(parts("[::1") == "[::1|");
    CHECK(parts("") == "|");
}

TEST_CASE("an http or https URL is split, and its scheme's default port may be left out", "[http][target]") {
    const auto url = split_url("HTTPS://h:443/a?b");
    REQUIRE(url);
    CHECK(url->scheme == "HTTPS");
    CHECK(url->authority == "h:443");
    CHECK(url->rest == "/a?b");
    CHECK(without_default_port(url->authority, url->scheme) == "h");
    CHECK(without_default_port("h:443", "http") == "h:443");
    CHECK(without_default_port("h:80", "http") == "h");
    CHECK(split_url("http://h?a")->rest == "?a");
    CHECK(split_url("http://")->authority.empty());
    for (std::string_view other : {"", "null", "h", "ftp://h", "file:///h", "//h", "http:/h"})
        CHECK_FALSE(split_url(other));
}
