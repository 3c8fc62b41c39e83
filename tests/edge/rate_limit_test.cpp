// Limits on the requests of an address.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

config::Edge limited(std::string rate) {
    config::Edge settings = EdgeFixture::quick();
    settings.rate_limit = std::move(rate);
    settings.trusted_proxies = {"127.0.0.0/8"};
    return settings;
}

Reply ask(RawClient& client, const std::string& address) {
    return client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + address + "\r\n\r\n");
}

}  // namespace

TEST_CASE("an address over its rate gets 429 before the app sees it, and others do not", "[edge]") {
    EdgeFixture fixture(limited("1/min burst=2"));
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    CHECK(ask(client, "192.0.2.1").status == 200);
    CHECK(ask(client, "192.0.2.1").status == 200);
    Reply third = ask(client, "192.0.2.1");
    CHECK(third.status == 429);
    CHECK(third.field("content-type") == "application/problem+json");
    CHECK(third.field("retry-after") == "60");
    CHECK(ask(client, "192.0.2.2").body == "fine");
    CHECK(recorder.seen().size() == 3);
    CHECK(fixture.server().stats().rate_limited == 1);
}

TEST_CASE("a request with a body over the rate leaves the connection usable", "[edge]") {
    EdgeFixture fixture(limited("1/h burst=1"));
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    CHECK(ask(client, "192.0.2.1").status == 200);
    Reply refused =
        client.ask("PUT /api/x HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(refused.status == 429);
    CHECK(ask(client, "192.0.2.3").status == 200);
}

TEST_CASE("probes are not rate-limited", "[edge]") {
    EdgeFixture fixture(limited("1/h burst=1"));
    RawClient client = fixture.client();
    for (int i = 0; i < 5; ++i) CHECK(client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
}

TEST_CASE("a route's own rate applies only to it, in addition to edge.rate_limit", "[edge]") {
    config::Edge settings = limited("100/s burst=4");
    config::Route route;
    route.path = "/api/sign";
    route.to = "app";
    route.rate_limit = "1/min burst=1";
    settings.routes = {route};
    EdgeFixture fixture(settings);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    auto sign = [&](const std::string& address) {
        return client.ask("GET /api/sign/in HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + address + "\r\n\r\n").status;
    };
    CHECK(sign("192.0.2.1") == 200);
    CHECK(sign("192.0.2.1") == 429);
    CHECK(sign("192.0.2.2") == 200);
    CHECK(ask(client, "192.0.2.1").status == 200);
    CHECK(fixture.server().stats().rate_limited == 1);
}
