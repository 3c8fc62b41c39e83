// Slow, many or greedy clients: each is ended at a limit, and other clients are not affected.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

using Clock = std::chrono::steady_clock;

Millis since(Clock::time_point began) { return std::chrono::duration_cast<Millis>(Clock::now() - began); }

// Sends a byte every 30 ms until the edge ends it; returns the edge's answer, 0 if it never did.
int drip(RawClient& client, std::string_view bytes) {
    client.give_patience(1ms);
    std::string said;
    for (std::size_t i = 0; i < 300; ++i) {
        std::string_view next = i < bytes.size() ? bytes.substr(i, 1) : "x";
        bool sent = client.send(next);
        std::this_thread::sleep_for(30ms);
        said += client.receive();
        if (said.size() >= 12) return std::stoi(said.substr(9, 3));
        if (!sent) return 0;
    }
    return 0;
}

}  // namespace

TEST_CASE("a slow head has one time limit in total", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.head_timeout = 400ms;
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    auto began = Clock::now();
    CHECK(drip(client, "GET /livez HTTP/1.1\r\nHost: h\r\nX: ") == 408);
    CHECK(since(began) < 3s);
}

TEST_CASE("a slow body has a time limit in total", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.body_timeout = 400ms;
    settings.min_rate = 1000;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        stream.receive_until("\r\n\r\n");
        while (!stream.receive().empty()) continue;
    });
    RawClient client = fixture.client();
    auto began = Clock::now();
    client.send("POST /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
    CHECK(drip(client, "") == 408);
    CHECK(since(began) < 4s);
}

TEST_CASE("an answer that is read slowly has a time limit in total", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.send_timeout = 500ms;
    settings.min_rate = 1 << 20;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        read_request(stream);
        stream.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
        std::string piece(1 << 20, 'x');
        while (stream.send(piece)) continue;
    });
    RawClient client = fixture.client(4096);
    client.send("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    // Bytes in the kernel's buffers still arrive after the edge has cut the connection, so the edge's state is checked.
    bool ended = eventually(
        [&] {
            client.receive(2000);
            std::this_thread::sleep_for(20ms);
            return fixture.server().stats().open_connections == 0;
        },
        15s);
    CHECK(ended);
}

TEST_CASE("thousands of half-sent heads do not delay an ordinary client", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_connections_per_address = 5000;
    EdgeFixture fixture(settings);
    std::vector<RawClient> crowd;
    for (int i = 0; i < 2000; ++i) {
        crowd.push_back(fixture.client());
        crowd.back().send("GET /livez HTTP/1.1\r\nHost: h\r\nX: a");
    }
    RawClient client = fixture.client();
    for (int i = 0; i < 200; ++i) REQUIRE(client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    // Each of them is answered once it is complete.
    for (std::size_t i = 0; i < crowd.size(); i += 100) REQUIRE(crowd[i].ask("\r\n\r\n").status == 200);
}

TEST_CASE("over max_memory the edge answers 503 at once, and recovers when memory is free again", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_memory = 1 << 20;
    EdgeFixture fixture(settings);
    std::string half = "GET /livez HTTP/1.1\r\nHost: h\r\nX: " + std::string(12'000, 'a');
    std::vector<RawClient> crowd;
    for (int i = 0; i < 100; ++i) {
        crowd.push_back(fixture.client());
        crowd.back().send(half);
    }
    auto ask = [&] {
        RawClient client = fixture.client();
        client.give_patience(2s);
        return client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n");
    };
    Reply refused;
    REQUIRE(eventually([&] { return (refused = ask()).status == 503; }));
    CHECK(refused.field("retry-after") == "2");
    CHECK(refused.field("connection") == "close");
    crowd.clear();
    CHECK(eventually([&] { return ask().status == 200; }));
}
