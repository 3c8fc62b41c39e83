#include "edge/routing/trust.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "http/parser.h"

namespace bodega::edge {
namespace {

Trust trust(const std::string& by) {
    config::Edge settings;
    settings.trusted_proxies = {"10.0.0.0/8", "2001:db8::/32"};
    settings.trusted_fields = by;
    return Trust(settings);
}

// "address scheme host" of a request with these fields that comes from 10.0.0.1.
std::string client(const std::string& by, const std::string& lines) {
    std::string text = lines + "\r\n";
    http::Fields fields;
    REQUIRE_FALSE(http::parse_fields(text, 100, fields));
    http::ForwardedClient out = trust(by).client_behind({"10.0.0.1"}, fields);
    return out.address + " " + std::string(out.scheme) + " " + (out.host.empty() ? "-" : out.host);
}

std::string by_x(const std::string& lines) { return client("x-forwarded", lines); }
std::string by_forwarded(const std::string& lines) { return client("forwarded", lines); }

}  // namespace

TEST_CASE("only configured networks are trusted", "[edge]") {
    CHECK(trust("forwarded").trusts({"10.200.0.1"}));
    CHECK_FALSE(trust("forwarded").trusts({"192.0.2.1"}));
    CHECK_FALSE(trust("forwarded").trusts({""}));
    CHECK_FALSE(Trust(config::Edge()).trusts({"127.0.0.1"}));
    config::Edge settings;
    settings.trusted_proxies = {"ten"};
    CHECK_THROWS_AS(Trust(settings), base::Error);
}

TEST_CASE("X-Forwarded-For is read from the right to the first address that is not trusted", "[edge]") {
    CHECK(by_x("") == "10.0.0.1 http -");
    CHECK(by_x("X-Forwarded-For: 192.0.2.1\r\n") == "192.0.2.1 http -");
    CHECK(by_x("X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.9\r\n") == "192.0.2.1 http -");
    CHECK(by_x("X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 192.0.2.1:4711\r\n") == "192.0.2.1 http -");
    CHECK(by_x("X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n") == "10.0.0.3 http -");
    CHECK(by_x("X-Forwarded-For: 6.6.6.6, evil, 10.0.0.2\r\n") == "10.0.0.2 http -");
    CHECK(by_x("X-Forwarded-For: [2001:db8::7]:1, 10.0.0.2\r\n") == "2001:db8::7 http -");
    CHECK(by_x("X-Forwarded-For: 192.0.2.1, unknown\r\n") == "10.0.0.1 http -");
}

TEST_CASE("scheme and host are those of the outermost trusted proxy", "[edge]") {
    CHECK(by_x("X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example:8443\r\n") == "10.0.0.1 https a.example:8443");
    CHECK(by_x("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https, http\r\n") == "192.0.2.1 http -");
    CHECK(by_x("X-Forwarded-For: 192.0.2.1, 10.0.0.2\r\nX-Forwarded-Proto: http, https, http\r\n") ==
          "192.0.2.1 https -");
    CHECK(by_x("X-Forwarded-For: 192.0.2.1, 10.0.0.2\r\nX-Forwarded-Proto: https\r\n") == "192.0.2.1 https -");
    CHECK(by_x("X-Forwarded-Proto: javascript\r\nX-Forwarded-Host: a/b\r\n") == "10.0.0.1 http -");
}

TEST_CASE("Forwarded is read from the right, too", "[edge]") {
    CHECK(by_forwarded("Forwarded: for=192.0.2.1;proto=https;host=a.example\r\n") == "192.0.2.1 https a.example");
    CHECK(by_forwarded("Forwarded: for=6.6.6.6;host=evil, for=192.0.2.1;proto=https, for=10.0.0.2;proto=http\r\n") ==
          "192.0.2.1 https -");
    CHECK(by_forwarded("Forwarded: for=6.6.6.6\r\nForwarded: for=\"[2001:db8::1]\"\r\nForwarded: proto=https\r\n") ==
          "10.0.0.1 https -");
    CHECK(by_forwarded("Forwarded: for=_hidden, for=10.0.0.2\r\n") == "10.0.0.2 http -");
    CHECK(by_forwarded("Forwarded: for=\"6.6.6.6\r\nForwarded: for=192.0.2.1\r\n") == "192.0.2.1 http -");
    CHECK(by_forwarded("Forwarded: for=192.0.2.1\r\nForwarded: for=\"\r\n") == "10.0.0.1 http -");
}

TEST_CASE("fields that the proxies do not write are ignored", "[edge]") {
    CHECK(by_forwarded("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n") == "10.0.0.1 http -");
    CHECK(by_x("Forwarded: for=6.6.6.6;proto=https;host=evil\r\n") == "10.0.0.1 http -");
}

}  // namespace bodega::edge
