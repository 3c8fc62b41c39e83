// An app that is dead, slow, busy, or not speaking HTTP.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kGet = "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kPost = "POST /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";

bool is_problem(const Reply& reply, int status, std::string_view code) {
    return reply.status == status && reply.field("content-type") == "application/problem+json" &&
           reply.body.find("\"code\":\"" + std::string(code) + "\"") != std::string::npos &&
           reply.body.find("\"request_id\":\"" + reply.field("x-request-id") + "\"") != std::string::npos;
}

}  // namespace

TEST_CASE("no app: 502, and the connection stays", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    CHECK(is_problem(client.ask(kGet), 502, "unavailable"));
    CHECK(is_problem(client.ask(kGet), 502, "unavailable"));
    Recorder recorder([](const Seen&) { return ok("there"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    CHECK(client.ask(kGet).body == "there");
    CHECK(fixture.server().stats().upstream_failures == 2);
}

TEST_CASE("an answer that is not HTTP: 502", "[edge]") {
    for (std::string answer :
         {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "nonsense\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nhi",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "HTTP/1.1 101 Switching\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 20"}) {
        INFO(answer);
        EdgeFixture fixture;
        RawUpstream app(fixture.socket(), [&](Stream& stream) {
            if (read_request(stream)) stream.send(answer);
        });
        RawClient client = fixture.client();
        CHECK(is_problem(client.ask(kGet), 502, "unavailable"));
    }
}

TEST_CASE("a head without end: 502", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        if (!read_request(stream)) return;
        stream.send("HTTP/1.1 200 OK\r\nX: ");
        for (int i = 0; i < 100 && stream.send(std::string(10000, 'x')); ++i) continue;
    });
    RawClient client = fixture.client();
    CHECK(is_problem(client.ask(kGet), 502, "unavailable"));
}

TEST_CASE("a slow app: 504, and its connection is dropped", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.upstream_timeout = 150ms;
    EdgeFixture fixture(settings);
    std::atomic<bool> dropped{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        dropped = stream.receive().empty() && !stream.timed_out();
    });
    RawClient client = fixture.client();
    CHECK(is_problem(client.ask(kGet), 504, "unavailable"));
    CHECK(eventually([&] { return dropped.load(); }));
}

TEST_CASE("an answer that stops half-way is cut, and does not look complete", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.upstream_timeout = 1s;
    for (std::string body :
         {"Content-Length: 10\r\n\r\nhalf", "Content-Length: 10\r\n\r\nstall",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nstall\r\n",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"}) {
        INFO(body);
        EdgeFixture fixture(settings);
        RawUpstream app(fixture.socket(), [&body](Stream& stream) {
            if (!read_request(stream)) return;
            stream.send("HTTP/1.1 200 OK\r\n" + body);
            if (body.find("stall") != std::string::npos) stream.receive();
        });
        RawClient client = fixture.client();
        Reply reply = client.ask(kGet);
        CHECK(reply.status == 200);
        CHECK_FALSE(reply.whole);
    }
}

TEST_CASE("a request on a dead kept connection is retried once, on a new one", "[edge]") {
    EdgeFixture fixture;
    std::atomic<int> requests{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        // Each connection answers one request, and dies at the second without a byte.
        for (int i = 0; read_request(stream); ++i) {
            ++requests;
            if (i == 1) return;
            stream.send(ok("fine"));
        }
    });
    RawClient client = fixture.client();
    CHECK(client.ask(kGet).body == "fine");
    CHECK(client.ask(kGet).body == "fine");
    CHECK(requests == 3);
    CHECK(fixture.server().stats().upstream_retries == 1);
}

TEST_CASE("a request that may have been processed is not sent twice", "[edge]") {
    EdgeFixture fixture;
    std::atomic<int> requests{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        for (int i = 0; read_request(stream); ++i) {
            ++requests;
            if (i == 1) return;
            stream.send(ok("fine"));
        }
    });
    RawClient client = fixture.client();
    CHECK(client.ask(kGet).body == "fine");
    CHECK(is_problem(client.ask(kPost), 502, "unavailable"));
    CHECK(requests == 2);
}

TEST_CASE("a request whose new connection dies is not sent twice", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [&](Stream& stream) { read_request(stream); });
    RawClient client = fixture.client();
    CHECK(is_problem(client.ask(kGet), 502, "unavailable"));
    CHECK(app.connections() == 1);
}

TEST_CASE("a restarted app is found again, whatever the method", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawClient client = fixture.client();
    {
        RawUpstream app(fixture.socket(), std::ref(recorder));
        CHECK(client.ask(kPost).body == "fine");
    }
    RawUpstream app(fixture.socket(), std::ref(recorder));
    CHECK(client.ask(kPost).body == "fine");
}

TEST_CASE("every connection busy: a request waits, then gets 503 with Retry-After", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.upstream_connections = 1;
    settings.upstream_wait = 1s;
    EdgeFixture fixture(settings);
    std::atomic<bool> go{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        while (read_request(stream)) {
            eventually([&] { return go.load(); });
            stream.send(ok("fine"));
        }
    });
    RawClient first = fixture.client();
    RawClient second = fixture.client();
    RawClient third = fixture.client();
    first.send(kGet);
    second.send(kGet);
    Reply busy = second.reply();
    CHECK(is_problem(busy, 503, "unavailable"));
    CHECK(!busy.field("retry-after").empty());
    third.send(kGet);
    std::this_thread::sleep_for(30ms);
    go = true;
    CHECK(first.reply().body == "fine");
    CHECK(third.reply().body == "fine");
    CHECK(app.connections() == 1);
}

TEST_CASE("a waiting request gets the slot of a closed connection", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.upstream_connections = 1;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        if (!read_request(stream)) return;
        std::this_thread::sleep_for(50ms);
        stream.send(ok("bye", "Connection: close\r\n"));
    });
    std::vector<RawClient> clients;
    for (int i = 0; i < 5; ++i) clients.push_back(fixture.client());
    for (RawClient& client : clients) client.send(kGet);
    for (RawClient& client : clients) CHECK(client.reply().body == "bye");
    CHECK(app.connections() == 5);
}

TEST_CASE("bytes after an answer end its connection", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        while (read_request(stream)) stream.send(ok("a") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    });
    RawClient client = fixture.client();
    CHECK(client.ask(kGet).body == "a");
    CHECK(client.ask(kGet).body == "a");
    CHECK(app.connections() == 2);
}

TEST_CASE("a client that leaves cancels its request", "[edge]") {
    EdgeFixture fixture;
    std::atomic<bool> cancelled{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        cancelled = stream.receive().empty() && !stream.timed_out();
    });
    SECTION("by a reset") {
        RawClient client = fixture.client();
        client.send(kGet);
        eventually([&] { return app.connections() == 1; });
        client.close_by_reset();
        CHECK(eventually([&] { return cancelled.load(); }));
    }
    SECTION("by closing") {
        RawClient client = fixture.client();
        client.send(kGet);
        eventually([&] { return app.connections() == 1; });
        client.close();
        CHECK(eventually([&] { return cancelled.load(); }));
    }
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
}

TEST_CASE("a client that has only closed its sending side gets its answer", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) {
        std::this_thread::sleep_for(100ms);
        return ok("still here");
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.send(kGet);
    client.end_sending();
    CHECK(client.reply().body == "still here");
}
