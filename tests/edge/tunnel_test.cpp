// Upgrades: bytes both ways after a 101, HTTP as ever without one.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_routes.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kUpgrade =
    "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
constexpr std::string_view kSwitched =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

// Switches, then echoes the bytes, and at the end their number.
void echo(Stream& stream) {
    if (!read_request(stream) || !stream.send(kSwitched)) return;
    std::size_t bytes = 0;
    for (std::string some = stream.receive(); !some.empty(); some = stream.receive()) {
        bytes += some.size();
        if (!stream.send(some)) return;
    }
    stream.send("bytes: " + std::to_string(bytes));
}

}  // namespace

TEST_CASE("after a 101 bytes pass both ways until either side ends", "[edge]") {
    std::string head, got;
    std::mutex mutex;  // over both
    RawUpstream server("0", [&](Stream& stream) {
        auto request = read_request(stream);
        if (!request) return;
        stream.send(std::string(kSwitched) + "hello");  // at once behind the head
        std::string bytes = stream.receive_exactly(9);
        std::lock_guard lock(mutex);
        head = request->head;
        got = bytes;
        stream.send("bye");
    });
    EdgeFixture fixture(routed_to(upstream("u", {server.address()})));
    RawClient client = fixture.client();
    client.send(std::string(kUpgrade) + "early");  // before the 101: kept until it comes
    std::string answer = client.receive_until("\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(answer.find("Upgrade: websocket\r\n") != std::string::npos);
    CHECK(answer.find("Connection: upgrade\r\n") != std::string::npos);
    CHECK(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
    CHECK(client.receive_exactly(5) == "hello");
    client.send("late");
    CHECK(client.receive_all() == "bye");  // and the end
    CHECK_FALSE(client.is_reset());
    std::lock_guard lock(mutex);
    CHECK(got == "earlylate");
    CHECK(head.find("Connection: upgrade\r\nUpgrade: websocket\r\n") != std::string::npos);
    CHECK(head.find("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") != std::string::npos);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 1; }));
    CHECK(fixture.accesses()[0].status == 101);
    CHECK(fixture.accesses()[0].stats.received == 9);
    CHECK(fixture.accesses()[0].stats.sent == 8);
}

TEST_CASE("a tunnel holds one buffer each way and loses nothing", "[edge]") {
    RawUpstream server("0", echo);
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    // Earlier framed answers on the same connection do not affect it.
    client.send(kUpgrade);
    REQUIRE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    std::string big = random_bytes(4'000'000, 7);
    std::thread writer([&] {
        client.send(big);
        client.end_sending();
    });
    CHECK(client.receive_exactly(big.size()) == big);
    writer.join();
    CHECK(client.receive_all() == "bytes: 4000000");  // a half-close is passed on, and the answer to it comes back
}

TEST_CASE("a tunnel after chunked and cut answers on the same connection passes only bytes", "[edge]") {
    RawUpstream server("0", [](Stream& stream) {
        auto first = read_request(stream);
        if (!first) return;
        if (first->head.find("Upgrade: ") == std::string::npos) {
            stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            if (!read_request(stream)) return;
        }
        stream.send(kSwitched);
        stream.send("pure");
    });
    EdgeFixture fixture(routed_to(upstream("u", {server.address()})));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/")).body == "abc");
    client.send(kUpgrade);
    REQUIRE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    CHECK(client.receive_all() == "pure");
}

TEST_CASE("without a 101 the client's next bytes are its next HTTP request", "[edge]") {
    Recorder recorder([](const Seen& seen) {
        if (seen.head.find("Upgrade: ") != std::string::npos)
            return std::string("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        return ok("plain");
    });
    RawUpstream server("0", std::ref(recorder));
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    settings.routes.push_back(route("", "/admin", "redirect:/"));
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send(std::string(kUpgrade) + get("/admin") + get("/"));
    Reply reply = client.reply();
    CHECK(reply.status == 403);
    CHECK(reply.body == "no");
    CHECK(client.reply().status == 308);  // it went through the routes, not into the server
    CHECK(client.reply().body == "plain");
    CHECK(recorder.seen().size() == 2);
}

TEST_CASE("a 101 that was not requested, or to another protocol, is a 502", "[edge]") {
    std::string answer(kSwitched);
    std::string request(kUpgrade);
    SECTION("not requested") { request = get("/"); }
    SECTION("to another protocol") { answer.replace(answer.find("websocket"), 9, "something"); }
    SECTION("to none") { answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n"; }
    SECTION("of a request with a body") {
        request =
            "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nhi";
    }
    SECTION("named but not a connection's field") {
        request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n";
    }
    RawUpstream server("0", [&](Stream& stream) {
        if (read_request(stream)) stream.send(answer + "GET /smuggled HTTP/1.1\r\n\r\n");
    });
    EdgeFixture fixture(routed_to(upstream("u", {server.address()})));
    RawClient client = fixture.client();
    CHECK(client.ask(request).status == 502);
}

TEST_CASE("a silent tunnel times out, one with bytes in either direction does not", "[edge]") {
    std::atomic<bool> ended{false};
    RawUpstream server("0", [&](Stream& stream) {
        if (!read_request(stream) || !stream.send(kSwitched)) return;
        for (int i = 0; i < 8; ++i) {
            std::this_thread::sleep_for(50ms);
            stream.send("x");
        }
        ended = stream.receive().empty() && !stream.timed_out();
    });
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    settings.tunnel_timeout = 250ms;
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send(kUpgrade);
    REQUIRE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    CHECK(client.receive_all() == "xxxxxxxx");
    CHECK(eventually([&] { return ended.load(); }));
}

TEST_CASE("a tunnel ends when its client leaves", "[edge]") {
    std::atomic<bool> ended{false};
    RawUpstream server("0", [&](Stream& stream) {
        if (!read_request(stream) || !stream.send(kSwitched)) return;
        ended = stream.receive().empty() && !stream.timed_out();
    });
    EdgeFixture fixture(routed_to(upstream("u", {server.address()})));
    RawClient client = fixture.client();
    client.send(kUpgrade);
    REQUIRE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    SECTION("by closing") { client.close(); }
    SECTION("by a reset") { client.close_by_reset(); }
    CHECK(eventually([&] { return ended.load(); }));
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
}

TEST_CASE("only the protocols that a route lists are forwarded, and never HTTP2-Settings", "[edge]") {
    struct Case {
        std::string asked;
        std::vector<std::string> listed;
        std::string passed;  // empty: none
    };
    const std::vector<std::string> usual = config::Route{}.upgrades;
    const std::vector<Case> cases = {
        {"websocket", usual, "websocket"},
        {"WebSocket", usual, "WebSocket"},
        {"h2c", usual, ""},
        {"H2C", usual, ""},
        {"h2c, websocket", usual, "websocket"},
        {"websocket,h2c", usual, "websocket"},
        {"TLS/1.0", usual, ""},
        {"HTTP/2.0", usual, ""},
        {"websocketx", usual, ""},
        {"websocket", {}, ""},
        {"chat/2, other, h2c", {"chat/2", "h2c"}, "chat/2, h2c"},
    };
    for (const Case& one : cases) {
        INFO(one.asked << " of " << one.listed.size());
        Recorder recorder([](const Seen&) { return ok("plain"); });
        RawUpstream server("0", std::ref(recorder));
        config::Edge settings = routed_to(upstream("u", {server.address()}));
        settings.routes[0].upgrades = one.listed;
        EdgeFixture fixture(settings);
        Reply reply = fixture.client().ask(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + one.asked +
            "\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n\r\n");
        CHECK(reply.body == "plain");
        const std::string head = recorder.seen().at(0).head;
        const std::string line = "\r\nConnection: upgrade\r\nUpgrade: " + one.passed + "\r\n";
        CHECK((head.find(line) != std::string::npos) == !one.passed.empty());
        CHECK((head.find("Upgrade:") != std::string::npos) == !one.passed.empty());
        CHECK(head.find("Settings") == std::string::npos);
    }
}

TEST_CASE("HTTP2-Settings does not pass where Connection does not name it either, nor in another spelling", "[edge]") {
    for (std::string name : {"HTTP2-Settings", "http2-settings", "HTTP2_Settings"}) {
        Recorder recorder([](const Seen&) { return ok("plain"); });
        RawUpstream server("0", std::ref(recorder));
        EdgeFixture fixture(routed_to(upstream("u", {server.address()})));
        fixture.client().ask("GET / HTTP/1.1\r\nHost: h\r\n" + name + ": AAMAAABk\r\n\r\n");
        CHECK(recorder.seen().at(0).head.find("AAMAAABk") == std::string::npos);
    }
}

TEST_CASE("a route may remove Upgrade", "[edge]") {
    Recorder recorder([](const Seen&) { return ok("plain"); });
    RawUpstream server("0", std::ref(recorder));
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    settings.routes[0].remove_request = {"upgrade"};
    EdgeFixture fixture(settings);
    CHECK(fixture.client().ask(kUpgrade).body == "plain");
    CHECK(recorder.seen().at(0).head.find("pgrade") == std::string::npos);
}
