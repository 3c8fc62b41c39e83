// The pages of errors that the edge answers by itself.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

TEST_CASE("a browser that requests an unknown page gets the web app with status 404", "[edge]") {
    EdgeFixture fixture(EdgeFixture::quick());
    RawClient client = fixture.client();
    auto ask = [&](const std::string& method, const std::string& target, const std::string& accept) {
        return client.ask(method + " " + target + " HTTP/1.1\r\nHost: h\r\nAccept: " + accept + "\r\n\r\n", method);
    };
    const Reply home = ask("GET", "/", "text/html");
    const Reply none = ask("GET", "/no/such/page", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
    CHECK(none.status == 404);
    CHECK(none.body == home.body);
    CHECK(none.field("content-type") == home.field("content-type"));
    CHECK(none.field("content-security-policy") == home.field("content-security-policy"));
    CHECK(ask("HEAD", "/no/such/page", "text/html").status == 404);
    for (const Reply& other : {ask("GET", "/no/such/page", "*/*"), ask("GET", "/assets/none.js", "text/html")}) {
        CHECK(other.status == 404);
        CHECK(other.body.find("There is nothing here.") != std::string::npos);
    }
}

TEST_CASE("the operator's error page is sent for the edge's own errors, but not to API clients", "[edge]") {
    TempFolder folder;
    std::ofstream(folder / "404.html") << "<h1>Nowhere</h1> {request_id}";
    std::ofstream(folder / "502.html") << "<h1>Away</h1>";
    config::Edge settings = EdgeFixture::quick();
    settings.error_pages = folder.path();
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 404);
    CHECK(reply.body == "<h1>Nowhere</h1> " + reply.field("x-request-id"));
    CHECK(reply.field("content-type") == "text/html; charset=utf-8");
    CHECK(reply.field("content-security-policy").starts_with("default-src 'none'; style-src 'unsafe-inline'"));
    CHECK(client.ask("GET /s/x HTTP/1.1\r\nHost: h\r\n\r\n").body == "<h1>Away</h1>");
    Reply api = client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(api.status == 502);
    CHECK(api.field("content-type") == "application/problem+json");
    CHECK(client.ask("HEAD /nowhere HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD").status == 404);
}
