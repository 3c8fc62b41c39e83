// The access log's entry for each request, and what the metrics count.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

LoggedAccess only_access(EdgeFixture& fixture) {
    REQUIRE(eventually([&] { return fixture.accesses().size() == 1; }));
    return fixture.accesses().front();
}

std::string metrics(EdgeFixture& fixture) {
    base::Exposition out;
    fixture.server().write_metrics(out);
    return out.text();
}

bool has(const std::string& text, std::string_view line) { return text.find(std::string(line) + "\n") != text.npos; }

}  // namespace

TEST_CASE("an answered request is logged with its bytes, its route and its upstream", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("four"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask(
        "PUT /api/x?secret=1 HTTP/1.1\r\nHost: files.example.org\r\nUser-Agent: curl/8\r\n"
        "Referer: https://h/s/token?x=y\r\nContent-Length: 10\r\n\r\n0123456789");
    LoggedAccess access = only_access(fixture);
    CHECK(access.method == "PUT");
    CHECK(access.path == "/api/x");
    CHECK(access.host == "files.example.org");
    CHECK(access.user_agent == "curl/8");
    CHECK(access.referer == "https://h/s/-");
    CHECK(access.status == 200);
    CHECK(access.request_id == reply.field("x-request-id"));
    CHECK(access.stats.received == 10);
    CHECK(access.stats.sent == 4);
    CHECK(access.stats.whole);
    CHECK(access.stats.protocol == "HTTP/1.1");
    CHECK(access.stats.route == "app");
    CHECK(access.stats.upstream == "app");
    CHECK(access.stats.upstream_micros > 0);
    CHECK(access.micros >= access.stats.upstream_micros);
}

TEST_CASE("requests that are not HTTP are logged, too", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    CHECK(client.ask("\x16\x03\x01 nonsense\r\n\r\n").status == 400);
    LoggedAccess access = only_access(fixture);
    CHECK(access.status == 400);
    CHECK(access.path.empty());
    CHECK(access.request_id.size() == 26);
    CHECK(has(metrics(fixture), "bodega_http_bad_requests_total 1"));
}

TEST_CASE("a refused request is logged with nothing of the request before it on its connection", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture fixture(settings);
    RawClient proxy = fixture.client();
    REQUIRE(proxy.ask("GET /livez HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n").status == 200);
    REQUIRE(proxy.ask("nonsense\r\n\r\n").status == 400);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 2; }));
    CHECK(fixture.accesses().front().address == "192.0.2.9");
    LoggedAccess refused = fixture.accesses().back();
    CHECK(refused.address == "127.0.0.1");
    CHECK(refused.path.empty());
    CHECK(refused.stats.route.empty());
}

TEST_CASE("a request that is refused for lack of memory is logged as a request of its own", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_memory = 1 << 20;
    EdgeFixture fixture(settings);
    constexpr std::string_view kLive = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";
    RawClient kept = fixture.client();
    const Reply first = kept.ask(kLive);
    REQUIRE(first.status == 200);
    std::vector<RawClient> crowd;
    for (int i = 0; i < 100; ++i) {
        crowd.push_back(fixture.client());
        crowd.back().send("GET /livez HTTP/1.1\r\nHost: h\r\nX: " + std::string(12'000, 'a'));
    }
    // Both a connection's first request and a later one.
    REQUIRE(eventually([&] { return fixture.client().ask(kLive).status == 503; }));
    const Reply refused = kept.ask(kLive);
    REQUIRE(refused.status == 503);
    CHECK(refused.field("x-request-id") != first.field("x-request-id"));
    auto logged = [&] {
        std::vector<LoggedAccess> out = fixture.accesses();
        std::erase_if(out, [](const LoggedAccess& access) { return access.status != 503; });
        return out;
    };
    REQUIRE(eventually([&] { return logged().size() >= 2; }));
    for (const LoggedAccess& access : logged()) {
        CHECK(access.path.empty());
        CHECK(access.stats.route.empty());
        CHECK(access.micros < 10'000'000);
    }
}

TEST_CASE("a client that leaves before its answer is logged as 499", "[edge]") {
    EdgeFixture fixture;
    std::atomic<bool> asked{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        asked = true;
        stream.receive();
    });
    {
        RawClient client = fixture.client();
        client.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
        REQUIRE(eventually([&] { return asked.load(); }));
        client.close_by_reset();
    }
    LoggedAccess access = only_access(fixture);
    CHECK(access.status == 499);
    CHECK_FALSE(access.stats.whole);
}

TEST_CASE("an incomplete answer is logged as cut", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        read_request(stream);
        stream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour");
    });
    RawClient client = fixture.client();
    client.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    client.receive_all();
    LoggedAccess access = only_access(fixture);
    CHECK(access.status == 200);
    CHECK_FALSE(access.stats.whole);
    CHECK(access.stats.sent == 4);
    CHECK(has(metrics(fixture), "bodega_upstream_failures_total{upstream=\"app\",reason=\"broken\"} 1"));
}

TEST_CASE("requests are counted by route, method and status", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    for (int i = 0; i < 3; ++i) client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n");
    client.ask("DELETE /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
    client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return fixture.accesses().size() == 5; }));
    std::string text = metrics(fixture);
    CHECK(has(text, "bodega_http_requests_total{route=\"live\",method=\"read\",status=\"2xx\"} 3"));
    CHECK(has(text, "bodega_http_requests_total{route=\"web\",method=\"write\",status=\"4xx\"} 1"));
    CHECK(has(text, "bodega_http_requests_total{route=\"app\",method=\"read\",status=\"5xx\"} 1"));
    CHECK(has(text, "bodega_http_request_duration_seconds_count{route=\"live\"} 3"));
    CHECK(has(text, "bodega_http_sent_bytes_total{route=\"live\"} 9"));
    CHECK(has(text, "bodega_upstream_failures_total{upstream=\"app\",reason=\"refused\"} 1"));
    CHECK(has(text, "bodega_connections_accepted_total 1"));
    CHECK(has(text, "bodega_connections_open 1"));
}
