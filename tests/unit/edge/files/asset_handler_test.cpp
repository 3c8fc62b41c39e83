#include "edge/files/asset_handler.h"

#include <catch2/catch_test_macros.hpp>

#include "support/edge_exchange.h"

using namespace bodega;
using namespace bodega::edge;
using namespace bodega::test;

namespace {

constexpr base::Asset kScript{
    "/assets/app-1.js", "text/javascript; charset=utf-8", "\"one\"", true, "identity", "brotli", "gzip"};
constexpr base::Asset kPage{"/index.html", "text/html; charset=utf-8", "\"two\"", false, "<p>", "", ""};

struct Got {
    int status;
    std::string fields;
    std::string body;
};

Got get(const base::Asset& asset, const std::string& fields, const std::string& method = "GET") {
    net::Loop loop;
    std::string head = method + " /x HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    FakeExchange x(loop, head);
    run(send_asset(x, asset));
    CHECK(x.finished);
    return {x.status, x.fields, x.sent};
}

bool has(const Got& got, std::string_view line) {
    return ("\r\n" + got.fields).find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("an asset is sent in a variant that the client accepts", "[edge][assets]") {
    Got got = get(kScript, "Accept-Encoding: gzip, br\r\n");
    CHECK(got.body == "brotli");
    CHECK(has(got, "Content-Encoding: br"));
    CHECK(has(got, "ETag: \"one-br\""));
    CHECK(has(got, "Vary: Accept-Encoding"));
    CHECK(has(got, "Cache-Control: public, max-age=31536000, immutable"));
    CHECK(get(kScript, "Accept-Encoding: gzip\r\n").body == "gzip");
    got = get(kScript, "");
    CHECK(got.body == "identity");
    CHECK(has(got, "ETag: \"one\""));
    CHECK(has(got, "Vary: Accept-Encoding"));
    CHECK_FALSE(has(got, "Content-Encoding: identity"));
}

TEST_CASE("a page has security headers and is revalidated each time", "[edge][assets]") {
    Got got = get(kPage, "Accept-Encoding: br\r\n");
    CHECK(got.status == 200);
    CHECK(got.body == "<p>");
    CHECK(has(got, "Cache-Control: no-store"));
    CHECK(has(got, "X-Content-Type-Options: nosniff"));
    CHECK(has(got, "Referrer-Policy: same-origin"));
    CHECK(has(got, "Cross-Origin-Opener-Policy: same-origin"));
    CHECK(got.fields.find("script-src 'self';") != std::string::npos);
    CHECK(got.fields.find("unsafe-inline") == std::string::npos);
    CHECK(got.fields.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(get(kScript, "").fields.find("Content-Security-Policy: default-src 'none'") !=
          std::string::npos);  // in one loop's own
}

TEST_CASE("an asset that the client has cached is a 304", "[edge][assets]") {
    for (std::string tag : {"\"one-br\"", "W/\"one-br\"", "\"x\", \"one-br\"", "*"}) {
        Got got = get(kScript, "Accept-Encoding: br\r\nIf-None-Match: " + tag + "\r\n");
        CHECK(got.status == 304);
        CHECK(got.body.empty());
        CHECK(has(got, "ETag: \"one-br\""));
        CHECK(has(got, "Vary: Accept-Encoding"));
    }
    // The client's variant is not the one that it would get now.
    CHECK(get(kScript, "If-None-Match: \"one-br\"\r\n").status == 200);
}

TEST_CASE("assets answer only GET and HEAD", "[edge][assets]") {
    Got got = get(kPage, "", "HEAD");
    CHECK(got.status == 200);
    CHECK(got.body.empty());
    got = get(kPage, "", "DELETE");
    CHECK(got.status == 405);
    CHECK(has(got, "Allow: GET, HEAD"));
}
