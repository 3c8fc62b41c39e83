// Slow, hostile and ordinary clients: deadlines, limits, expectations, early answers, draining.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kLive = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";

bool closes_in(Stream& stream, Millis from, Millis to) {
    auto begin = std::chrono::steady_clock::now();
    stream.receive_all();
    auto took = std::chrono::steady_clock::now() - begin;
    return !stream.timed_out() && took >= from && took <= to;
}

}  // namespace

TEST_CASE("the loop answers /livez by itself, repeatedly on one connection", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    for (int i = 0; i < 100; ++i) REQUIRE(client.ask(kLive).body == "ok\n");
    CHECK(fixture.server().stats().accepted == 1);
    CHECK(fixture.server().stats().requests == 100);
}

TEST_CASE("an unknown path is a short 404, below /api/ the app's JSON", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 404);
    CHECK(reply.field("content-type") == "text/html; charset=utf-8");
    CHECK(reply.field("x-content-type-options") == "nosniff");
    CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    CHECK(client.ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").status == 405);
}

TEST_CASE("an idle connection is closed after its time", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.idle_timeout = 200ms;
    EdgeFixture fixture(settings);
    RawClient fresh = fixture.client();
    CHECK(closes_in(fresh, 100ms, 5s));
    RawClient used = fixture.client();
    used.ask(kLive);
    CHECK(closes_in(used, 100ms, 5s));
}

TEST_CASE("a head has to be complete in time, however slowly it arrives", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.head_timeout = 200ms;
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    auto begin = std::chrono::steady_clock::now();
    client.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 20 && client.send("X: y\r\n"); ++i) std::this_thread::sleep_for(25ms);
    CHECK(client.reply().status == 408);
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
}

TEST_CASE("a stalled body is cut", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.body_timeout = 150ms;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [](Stream& stream) { read_request(stream); });
    RawClient client = fixture.client();
    client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123");
    Reply reply = client.reply();
    CHECK(reply.status == 408);
    CHECK(reply.field("connection") == "close");
}

TEST_CASE("a client that does not read is cut", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.send_timeout = 200ms;
    EdgeFixture fixture(settings);
    std::string big(8 << 20, 'x');
    Recorder recorder([&](const Seen&) { return ok(big); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client(4096);
    client.send("GET /api/big HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return fixture.server().stats().requests == 1; }));
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
    CHECK(client.receive_all().size() < big.size());
}

TEST_CASE("a head over a limit is refused", "[edge]") {
    EdgeFixture fixture;
    SECTION("one field too long") {
        RawClient client = fixture.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(40000, 'x') + "\r\n\r\n");
        CHECK(client.reply().status == 431);
    }
    SECTION("too many fields") {
        std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
        for (int i = 0; i < 100; ++i) head += "X: y\r\n";
        RawClient client = fixture.client();
        CHECK(client.ask(head + "\r\n").status == 431);
    }
    SECTION("a target too long") {
        RawClient client = fixture.client();
        CHECK(client.ask("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n").status == 414);
    }
    SECTION("a target without end") {
        RawClient client = fixture.client();
        client.send("GET /" + std::string(100000, 'x'));
        CHECK(client.reply().status == 414);
    }
    SECTION("a method too long") {
        RawClient client = fixture.client();
        CHECK(client.ask(std::string(65, 'A') + " / HTTP/1.1\r\nHost: h\r\n\r\n").status == 501);
    }
    SECTION("a method without end") {
        RawClient client = fixture.client();
        client.send(std::string(100000, 'A'));
        CHECK(client.reply().status == 501);
    }
    SECTION("a TLS greeting on a plain port") {
        RawClient client = fixture.client();
        CHECK(client.ask(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7)).status == 400);
    }
}

TEST_CASE("100-continue is sent once the body is wanted", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.body); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    CHECK(client.reply().body == "hello");
    CHECK(recorder.seen()[0].head.find("Expect") == std::string::npos);
    // With the body already received no 100 Continue is needed.
    CHECK(client.ask("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi").body ==
          "hi");
}

TEST_CASE("100-continue is not sent if the body is not wanted", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    Reply reply = client.ask("POST /livez HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(reply.status == 200);
    CHECK(reply.field("connection") == "close");
}

TEST_CASE("an early answer arrives complete, then the connection ends without a reset", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        stream.receive_until("\r\n\r\n");
        stream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
    });
    RawClient client = fixture.client();
    std::atomic<bool> stop{false};
    client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
    std::thread writer([&] {
        std::string piece(65536, 'x');
        while (!stop && client.send(piece)) continue;
    });
    Reply reply = client.reply();
    CHECK(reply.status == 413);
    CHECK(reply.body == "too much");
    CHECK(reply.field("connection") == "close");
    CHECK_FALSE(client.is_reset());
    stop = true;
    writer.join();
}

TEST_CASE("a complete body that was not read does not spoil the next request", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    client.send("POST /livez HTTP/1.1\r\nHost: h\r\nContent-Length: 27\r\n\r\nGET /evil HTTP/1.1\r\nHost: h" +
                std::string(kLive));
    CHECK(client.reply().status == 200);
    CHECK(client.reply().body == "ok\n");
    CHECK(fixture.server().stats().requests == 2);
}

TEST_CASE("connections per address are limited", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_connections_per_address = 3;
    EdgeFixture fixture(settings);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(fixture.client());
        REQUIRE(clients.back().ask(kLive).status == 200);
    }
    RawClient fourth = fixture.client();
    CHECK(fourth.reply().status == 429);
    clients.pop_back();
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 2; }));
    CHECK(fixture.client().ask(kLive).status == 200);
    CHECK(fixture.server().stats().refused == 1);
}

TEST_CASE("a trusted proxy's connections are not limited per address", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_connections_per_address = 1;
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture fixture(settings);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(fixture.client());
        CHECK(clients.back().ask(kLive).status == 200);
    }
}

TEST_CASE("over the total limit the longest idle connection is closed", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_connections = 2;
    EdgeFixture fixture(settings);
    RawClient first = fixture.client();
    first.ask(kLive);
    RawClient second = fixture.client();
    second.ask(kLive);
    RawClient third = fixture.client();
    CHECK(third.ask(kLive).status == 200);
    CHECK(first.receive_all().empty());
    CHECK_FALSE(first.timed_out());
    CHECK(second.ask(kLive).status == 200);
}

TEST_CASE("a drain finishes requests in flight and closes other connections", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) {
        std::this_thread::sleep_for(200ms);
        return ok("in time");
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient idle = fixture.client();
    idle.ask(kLive);
    RawClient busy = fixture.client();
    busy.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    bool clean = false;
    std::string url = fixture.url();
    std::thread drain([&] { clean = fixture.server().drain(5s); });
    Reply reply = busy.reply();
    CHECK(reply.body == "in time");
    CHECK(reply.field("connection") == "close");
    CHECK(idle.receive_all().empty());
    drain.join();
    CHECK(clean);
    CHECK_THROWS(RawClient(url));
}

TEST_CASE("a drain ends at its limit", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        read_request(stream);
        stream.receive();
    });
    RawClient busy = fixture.client();
    busy.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return app.connections() == 1; }));
    auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(fixture.server().drain(200ms));
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
    CHECK(busy.receive_all().empty());
}

TEST_CASE("a loop serves many connections at once", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.loops = 2;
    settings.upstream_connections = 64;
    EdgeFixture fixture(settings);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    std::vector<RawClient> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(fixture.client());
    for (int round = 0; round < 5; ++round) {
        for (RawClient& client : clients) client.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
        for (RawClient& client : clients) REQUIRE(client.reply().body == "fine");
    }
    CHECK(app.connections() <= 64);
}
