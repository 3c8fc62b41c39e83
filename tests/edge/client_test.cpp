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

TEST_CASE("the loop answers /livez by itself, again and again", "[edge]") {
    House house;
    RawClient client = house.client();
    for (int i = 0; i < 100; ++i) REQUIRE(client.ask(kLive).body == "ok\n");
    CHECK(house.server().stats().accepted == 1);
    CHECK(house.server().stats().requests == 100);
}

TEST_CASE("what is nowhere is a short 404, as JSON below /api/ by the app alone", "[edge]") {
    House house;
    RawClient client = house.client();
    Reply reply = client.ask("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 404);
    CHECK(reply.field("content-type") == "text/html; charset=utf-8");
    CHECK(reply.field("x-content-type-options") == "nosniff");
    CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    CHECK(client.ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").status == 405);
}

TEST_CASE("an idle connection is closed after its time", "[edge]") {
    config::Edge settings = House::quick();
    settings.idle_timeout = 200ms;
    House house(settings);
    RawClient fresh = house.client();
    CHECK(closes_in(fresh, 100ms, 5s));
    RawClient used = house.client();
    used.ask(kLive);
    CHECK(closes_in(used, 100ms, 5s));
}

TEST_CASE("a head has to be whole in time, however it drips", "[edge]") {
    config::Edge settings = House::quick();
    settings.head_timeout = 200ms;
    House house(settings);
    RawClient client = house.client();
    auto begin = std::chrono::steady_clock::now();
    client.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 20 && client.send("X: y\r\n"); ++i) std::this_thread::sleep_for(25ms);
    CHECK(client.reply().status == 408);
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
}

TEST_CASE("a body has to go on", "[edge]") {
    config::Edge settings = House::quick();
    settings.body_timeout = 150ms;
    House house(settings);
    RawUpstream app(house.socket(), [](Stream& stream) { read_request(stream); });
    RawClient client = house.client();
    client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123");
    Reply reply = client.reply();
    CHECK(reply.status == 408);
    CHECK(reply.field("connection") == "close");
}

TEST_CASE("a client that takes nothing is cut", "[edge]") {
    config::Edge settings = House::quick();
    settings.send_timeout = 200ms;
    House house(settings);
    std::string big(8 << 20, 'x');
    Recorder recorder([&](const Seen&) { return ok(big); });
    RawUpstream app(house.socket(), std::ref(recorder));
    RawClient client = house.client(4096);
    client.send("GET /api/big HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return house.server().stats().requests == 1; }));
    CHECK(eventually([&] { return house.server().stats().open_connections == 0; }));
    CHECK(client.receive_all().size() < big.size());
}

TEST_CASE("limits of a head", "[edge]") {
    House house;
    SECTION("one field too long") {
        RawClient client = house.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(40000, 'x') + "\r\n\r\n");
        CHECK(client.reply().status == 431);
    }
    SECTION("too many fields") {
        std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
        for (int i = 0; i < 100; ++i) head += "X: y\r\n";
        RawClient client = house.client();
        CHECK(client.ask(head + "\r\n").status == 431);
    }
    SECTION("a target too long") {
        RawClient client = house.client();
        CHECK(client.ask("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n").status == 414);
    }
    SECTION("a target without end") {
        RawClient client = house.client();
        client.send("GET /" + std::string(100000, 'x'));
        CHECK(client.reply().status == 414);
    }
    SECTION("a method too long") {
        RawClient client = house.client();
        CHECK(client.ask(std::string(65, 'A') + " / HTTP/1.1\r\nHost: h\r\n\r\n").status == 501);
    }
    SECTION("a method without end") {
        RawClient client = house.client();
        client.send(std::string(100000, 'A'));
        CHECK(client.reply().status == 501);
    }
    SECTION("a TLS greeting on a plain port") {
        RawClient client = house.client();
        CHECK(client.ask(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7)).status == 400);
    }
}

TEST_CASE("an expectation is met once the body is wanted", "[edge]") {
    House house;
    Recorder recorder([](const Seen& seen) { return ok(seen.body); });
    RawUpstream app(house.socket(), std::ref(recorder));
    RawClient client = house.client();
    client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    CHECK(client.reply().body == "hello");
    CHECK(recorder.seen()[0].head.find("Expect") == std::string::npos);
    // With the body already there nothing needs to be said.
    CHECK(client.ask("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi").body ==
          "hi");
}

TEST_CASE("an expectation is not met by who does not want the body", "[edge]") {
    House house;
    RawClient client = house.client();
    Reply reply = client.ask("POST /livez HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(reply.status == 200);
    CHECK(reply.field("connection") == "close");
}

TEST_CASE("an early answer arrives whole, then the connection ends without a reset", "[edge]") {
    House house;
    RawUpstream app(house.socket(), [](Stream& stream) {
        stream.receive_until("\r\n\r\n");
        stream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
    });
    RawClient client = house.client();
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

TEST_CASE("a body that came whole but was not read does not spoil the next request", "[edge]") {
    House house;
    RawClient client = house.client();
    client.send("POST /livez HTTP/1.1\r\nHost: h\r\nContent-Length: 27\r\n\r\nGET /evil HTTP/1.1\r\nHost: h" +
                std::string(kLive));
    CHECK(client.reply().status == 200);
    CHECK(client.reply().body == "ok\n");
    CHECK(house.server().stats().requests == 2);
}

TEST_CASE("connections per address are bounded", "[edge]") {
    config::Edge settings = House::quick();
    settings.max_connections_per_address = 3;
    House house(settings);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(house.client());
        REQUIRE(clients.back().ask(kLive).status == 200);
    }
    RawClient fourth = house.client();
    CHECK(fourth.reply().status == 429);
    clients.pop_back();
    CHECK(eventually([&] { return house.server().stats().open_connections == 2; }));
    CHECK(house.client().ask(kLive).status == 200);
    CHECK(house.server().stats().refused == 1);
}

TEST_CASE("a trusted proxy's connections are many clients'", "[edge]") {
    config::Edge settings = House::quick();
    settings.max_connections_per_address = 1;
    settings.trusted_proxies = {"127.0.0.0/8"};
    House house(settings);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(house.client());
        CHECK(clients.back().ask(kLive).status == 200);
    }
}

TEST_CASE("over the limit in all, the longest idle one makes room", "[edge]") {
    config::Edge settings = House::quick();
    settings.max_connections = 2;
    House house(settings);
    RawClient first = house.client();
    first.ask(kLive);
    RawClient second = house.client();
    second.ask(kLive);
    RawClient third = house.client();
    CHECK(third.ask(kLive).status == 200);
    CHECK(first.receive_all().empty());
    CHECK_FALSE(first.timed_out());
    CHECK(second.ask(kLive).status == 200);
}

TEST_CASE("a drain lets requests in flight end and closes the rest", "[edge]") {
    House house;
    Recorder recorder([](const Seen&) {
        std::this_thread::sleep_for(200ms);
        return ok("in time");
    });
    RawUpstream app(house.socket(), std::ref(recorder));
    RawClient idle = house.client();
    idle.ask(kLive);
    RawClient busy = house.client();
    busy.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    bool clean = false;
    std::string url = house.url();
    std::thread drain([&] { clean = house.server().drain(5s); });
    Reply reply = busy.reply();
    CHECK(reply.body == "in time");
    CHECK(reply.field("connection") == "close");
    CHECK(idle.receive_all().empty());
    drain.join();
    CHECK(clean);
    CHECK_THROWS(RawClient(url));
}

TEST_CASE("a drain is bounded", "[edge]") {
    House house;
    RawUpstream app(house.socket(), [](Stream& stream) {
        read_request(stream);
        stream.receive();
    });
    RawClient busy = house.client();
    busy.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return app.connections() == 1; }));
    auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(house.server().drain(200ms));
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
    CHECK(busy.receive_all().empty());
}

TEST_CASE("a loop serves many connections at once", "[edge]") {
    config::Edge settings = House::quick();
    settings.loops = 2;
    settings.upstream_connections = 64;
    House house(settings);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(house.socket(), std::ref(recorder));
    std::vector<RawClient> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(house.client());
    for (int round = 0; round < 5; ++round) {
        for (RawClient& client : clients) client.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
        for (RawClient& client : clients) REQUIRE(client.reply().body == "fine");
    }
    CHECK(app.connections() <= 64);
}
