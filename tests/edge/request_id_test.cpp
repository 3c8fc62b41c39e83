// Request ids that come from outside.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

TEST_CASE("a trusted proxy's valid request id is kept, another client's is not", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture fixture(settings);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply kept = client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nX-Request-Id: abc-123\r\n\r\n");
    CHECK(kept.field("x-request-id") == "abc-123");
    CHECK(recorder.seen()[0].head.find("X-Request-Id: abc-123\r\n") != std::string::npos);
    for (const std::string& bad : {std::string("a b"), std::string("\"x\""), std::string(65, 'a'), std::string()}) {
        Reply reply = client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nX-Request-Id: " + bad + "\r\n\r\n");
        CHECK(reply.field("x-request-id").size() == 26);
    }
    Reply two = client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n");
    CHECK(two.field("x-request-id").size() == 26);
    EdgeFixture open;
    RawUpstream other(open.socket(), std::ref(recorder));
    RawClient stranger = open.client();
    CHECK(
        stranger.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nX-Request-Id: abc-123\r\n\r\n").field("x-request-id").size() ==
        26);
}
