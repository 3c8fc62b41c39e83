#include "net/http_url.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

using bodega::net::HttpUrl;

TEST_CASE("a URL has a host, a port and a target", "[net]") {
    const HttpUrl plain = HttpUrl::of("https://acme.example.org/dir?a=b");
    CHECK(plain.is_https);
    CHECK((plain.host == "acme.example.org" && plain.port == 443 && plain.target == "/dir?a=b"));
    const HttpUrl port = HttpUrl::of("http://127.0.0.1:14000");
    CHECK(!port.is_https);
    CHECK((port.host == "127.0.0.1" && port.port == 14000 && port.target == "/"));
    const HttpUrl six = HttpUrl::of("https://[::1]:8443/x");
    CHECK((six.host == "::1" && six.port == 8443));
    CHECK(HttpUrl::of("https://[::1]/x").port == 443);
    CHECK(HttpUrl::of("http://a?b").target == "/?b");
}

TEST_CASE("a Host field names the port unless it is the scheme's own", "[net]") {
    CHECK(HttpUrl::of("https://a.example:443/").authority() == "a.example");
    CHECK(HttpUrl::of("https://a.example:80/").authority() == "a.example:80");
    CHECK(HttpUrl::of("http://[::1]/").authority() == "[::1]");
    CHECK(HttpUrl::of("http://[::1]:81/").authority() == "[::1]:81");
}

TEST_CASE("a text that is not a web server's URL is refused", "[net]") {
    for (const char* bad : {"", "ftp://a/", "https://", "https:///x", "https://a:/", "https://a:x/", "https://a:0/",
                            "https://a:65536/", "https://a/\r\nX: y", "https://a b/", "https://u@a/", "https://u:p@a/",
                            "https://a/#b", "http://::1/", "http://[::1/", "http://[]/"}) {
        INFO(bad);
        CHECK_THROWS_AS(HttpUrl::of(bad), bodega::base::Error);
    }
}
