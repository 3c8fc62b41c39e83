// Interim answers of upstreams (RFC 9110 section 15.2), and other answers that a proxy can lose.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/edge_routes.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kHints =
    "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: x-hop\r\nX-Hop: 1\r\n"
    "X-Accel-Redirect: /x\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kProcessing = "HTTP/1.1 102 Processing\r\n\r\n";
constexpr std::string_view kGet = "GET /api/ HTTP/1.1\r\nHost: h\r\n\r\n";

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("interim answers pass to a client of HTTP/1.1, in order", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) {
        return "HTTP/1.1 100 Continue\r\n\r\n" + std::string(kProcessing) + std::string(kHints) + ok("final");
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    for (int i = 0; i < 2; ++i) {
        client.send(kGet);
        CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 102 Processing\r\n\r\n");
        CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
        Reply reply = client.reply();
        CHECK(reply.status == 200);
        CHECK(reply.body == "final");
    }
}

TEST_CASE("interim answers pass to a client of HTTP/2", "[edge][http2]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return std::string(kProcessing) + std::string(kHints) + ok("final"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client(fixture.url());
    Http2Reply reply = client.ask(1, http2::get("/api/"));
    CHECK(reply.interim == 2);
    CHECK(reply.status == 200);
    CHECK(reply.body == "final");
    CHECK(reply.fields["link"] == "</a.css>; rel=preload");
    CHECK_FALSE(reply.fields.contains("x-hop"));
}

TEST_CASE("an interim answer is sent before the final one exists", "[edge]") {
    EdgeFixture fixture;
    std::atomic<bool> go_on{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        if (!read_request(stream)) return;
        stream.send(kHints);
        while (!go_on) std::this_thread::sleep_for(1ms);
        stream.send(ok("final"));
    });
    RawClient client = fixture.client();
    client.send(kGet);
    CHECK(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 103 "));
    go_on = true;
    CHECK(client.reply().body == "final");
}

TEST_CASE("no interim answer passes to a client of HTTP/1.0", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return std::string(kHints) + ok("final"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.send("GET /api/ HTTP/1.0\r\n\r\n");
    CHECK(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("many interim answers pass, up to the length of a head", "[edge]") {
    EdgeFixture fixture;
    std::atomic<int> times{0};
    Recorder recorder([&](const Seen&) { return repeated(kProcessing, times) + ok("final"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    for (auto [count, status] : {std::pair(9, 200), std::pair(500, 200), std::pair(3000, 502)}) {
        INFO(count);
        times = count;
        RawClient client = fixture.client();
        client.send(kGet);
        std::string all;
        int interim = 0;
        for (all = client.receive_until("\r\n\r\n"); all == kProcessing; all = client.receive_until("\r\n\r\n"))
            ++interim;
        CHECK(all.starts_with("HTTP/1.1 " + std::to_string(status) + " "));
        if (status == 200) CHECK(interim == count);
        Http2Client other(fixture.url());
        CHECK(other.ask(1, http2::get("/api/")).status == status);
    }
}

TEST_CASE("an interim answer restarts the wait for the final one, within a limit", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.upstream_timeout = 60ms;
    EdgeFixture fixture(settings);
    std::atomic<bool> stop{false};
    std::atomic<int> times{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        if (!read_request(stream)) return;
        for (int i = 0; i < times && !stop && stream.send(kProcessing); ++i) std::this_thread::sleep_for(20ms);
        stream.send(ok("final"));
    });
    auto final_status = [&](int count) {
        times = count;
        RawClient client = fixture.client();
        client.send(kGet);
        std::string head = client.receive_until("\r\n\r\n");
        while (head == kProcessing) head = client.receive_until("\r\n\r\n");
        return head.substr(0, 13);
    };
    CHECK(final_status(8) == "HTTP/1.1 200 ");
    CHECK(final_status(1000) == "HTTP/1.1 504 ");
    stop = true;
}

TEST_CASE("a route's rules remove fields of interim answers, too", "[edge]") {
    Recorder recorder([](const Seen&) { return std::string(kHints) + ok("final"); });
    RawUpstream server("0", std::ref(recorder));
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    settings.routes.front().remove_response = {"Link"};
    settings.routes.front().set_response = {"X-Set: 1"};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 103 Early Hints\r\n\r\n");
    CHECK(client.reply().field("x-set") == "1");
}

TEST_CASE("426 keeps its Upgrade over HTTP/1.1", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) {
        return "HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: "
               "0\r\n\r\n";
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Reply reply = fixture.client().ask(kGet);
    CHECK(reply.status == 426);
    CHECK(reply.field("upgrade") == "websocket");
    CHECK(reply.head.find("Connection: upgrade\r\n") != std::string::npos);
    Http2Client other(fixture.url());
    Http2Reply same = other.ask(1, http2::get("/api/"));
    CHECK(same.status == 426);
    CHECK_FALSE(same.fields.contains("upgrade"));
}

TEST_CASE("the fields of an answer are limited in bytes and number", "[edge]") {
    EdgeFixture fixture;
    std::atomic<int> fields{0};
    std::atomic<std::size_t> length{1};
    Recorder recorder([&](const Seen&) {
        std::string more;
        for (int i = 0; i < fields; ++i) more += "X-" + std::to_string(i) + ": " + std::string(length, 'v') + "\r\n";
        return ok("final", more);
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    struct Case {
        int fields;
        std::size_t length;
        int status;
    };
    for (const Case& one :
         {Case{101, 1, 200}, Case{900, 1, 200}, Case{600, 80, 200}, Case{1100, 1, 502}, Case{600, 200, 502}}) {
        INFO(one.fields << " of " << one.length);
        fields = one.fields;
        length = one.length;
        Reply reply = fixture.client().ask(kGet);
        CHECK(reply.status == one.status);
        Http2Client other(fixture.url());
        Http2Reply same = other.ask(1, http2::get("/api/"));
        CHECK(same.status == one.status);
        if (one.status != 200) continue;
        CHECK(reply.fields.contains("x-" + std::to_string(one.fields - 1)));
        CHECK(same.fields.contains("x-" + std::to_string(one.fields - 1)));
    }
}
