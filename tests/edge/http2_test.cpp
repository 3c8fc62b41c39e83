// HTTP/2 on a plain port: what an ordinary client sees.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

Http2Client client_of(EdgeFixture& fixture, std::string_view settings = "") {
    return Http2Client(fixture.url(), settings);
}

std::string name_of(int number) { return "/api/" + std::to_string(number); }

}  // namespace

TEST_CASE("a client that begins with the preface is answered in HTTP/2", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    for (std::uint32_t stream = 1; stream < 200; stream += 2) {
        Http2Reply reply = client.ask(stream, http2::get("/livez"));
        REQUIRE(reply.status == 200);
        REQUIRE(reply.whole);
        REQUIRE(reply.body == "ok\n");
        CHECK(reply.fields["content-length"] == "3");
        CHECK(reply.fields["x-request-id"].size() == 26);
    }
    CHECK(fixture.server().stats().accepted == 1);
    CHECK(fixture.server().stats().requests == 100);
    CHECK(fixture.server().stats().bad_requests == 0);
    CHECK(eventually([&] { return fixture.accesses().size() == 100; }));
    CHECK(fixture.accesses().back().stats.protocol == "HTTP/2");
    CHECK(fixture.accesses().back().stats.whole);
}

TEST_CASE("the preface may arrive byte by byte", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client(fixture.url(), "", false);
    std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2::frame(http2::kSettings, 0, 0);
    bytes +=
        http2::frame(http2::kHeaders, http2::kEndHeaders | http2::kEndStream, 1, http2::literals(http2::get("/livez")));
    for (char c : bytes) {
        client.send({&c, 1});
        std::this_thread::sleep_for(500us);
    }
    CHECK(client.reply(1).body == "ok\n");
}

TEST_CASE("with HTTP/2 off its preface is an unsupported version", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.http2 = "off";
    EdgeFixture fixture(settings);
    Http2Client client = client_of(fixture);
    CHECK(client.Stream::receive_all().starts_with("HTTP/1.1 505 "));
}

TEST_CASE("a preface after an HTTP/1.1 request is refused", "[edge][http2]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    CHECK(client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    CHECK(client.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status == 505);
}

TEST_CASE("a request reaches the app as HTTP/1.1 with its complete body", "[edge][http2]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok("got " + std::to_string(seen.body.size())); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture);
    SECTION("with a length") {
        client.request(1, http2::put("/api/x?q", {{"content-length", "5"}, {"cookie", "a=1"}, {"cookie", "b=2"}}),
                       false);
        client.send_frame(http2::kData, http2::kEndStream, 1, "hello");
        Http2Reply reply = client.reply(1);
        CHECK(reply.status == 200);
        CHECK(reply.body == "got 5");
        Seen seen = recorder.seen().at(0);
        CHECK(seen.head.starts_with("PUT /api/x?q HTTP/1.1\r\nHost: h\r\n"));
        CHECK(seen.head.find("\r\nCookie: a=1; b=2\r\n") != seen.head.npos);
        CHECK(seen.head.find("\r\nContent-Length: 5\r\n") != seen.head.npos);
        CHECK(seen.head.find("\r\nX-Forwarded-Proto: http\r\n") != seen.head.npos);
        CHECK(seen.body == "hello");
    }
    SECTION("without one, and with padding and trailers") {
        client.request(1, http2::put("/api/x", {{"te", "trailers"}}), false);
        client.send_frame(http2::kData, 0, 1, "hel");
        client.send_frame(http2::kData, http2::kPadded, 1, "\x04lo----");
        client.send_frame(http2::kHeaders, http2::kEndHeaders | http2::kEndStream, 1,
                          http2::literals({{"x-sum", "1"}}));
        CHECK(client.reply(1).status == 200);
        Seen seen = recorder.seen().at(0);
        CHECK(seen.head.find("\r\nContent-Length: 5\r\n") !=
              seen.head.npos);  // it is small, so the edge held it until it was complete
        CHECK(seen.head.find("te:") == seen.head.npos);
        CHECK(seen.body == "hello");
        CHECK(seen.body.find("x-sum") == seen.body.npos);
    }
}

TEST_CASE("a trusted proxy may use HTTP/2", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.trusted_proxies = {"127.0.0.1"};
    EdgeFixture fixture(settings);
    Http2Client client = client_of(fixture);
    Http2Reply reply =
        client.ask(1, http2::get("/livez", {{"x-forwarded-for", "192.0.2.7"}, {"x-request-id", "of-the-proxy"}}));
    CHECK(reply.fields["x-request-id"] == "of-the-proxy");
    REQUIRE(eventually([&] { return fixture.accesses().size() == 1; }));
    CHECK(fixture.accesses()[0].address == "192.0.2.7");
}

TEST_CASE("100-continue is an interim answer over HTTP/2", "[edge][http2]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.body); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture);
    client.request(1, http2::put("/api/x", {{"content-length", "2"}, {"expect", "100-continue"}}), false);
    Http2FrameIn in = client.receive_frame();
    while (in.type != http2::kHeaders && in.type >= 0) in = client.receive_frame();
    CHECK((in.flags & http2::kEndStream) == 0);
    client.send_frame(http2::kData, http2::kEndStream, 1, "hi");
    CHECK(client.reply(1).body == "hi");
}

TEST_CASE("a large body passes by flow-control windows unchanged", "[edge][http2]") {
    EdgeFixture fixture;
    std::string sent = random_bytes(3 << 20, 7);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture);
    client.request(1, http2::put("/api/x", {{"content-length", std::to_string(sent.size())}}), false);
    std::int64_t of_stream = 65535;
    std::int64_t of_connection = 65535;
    std::size_t at = 0;
    while (at < sent.size()) {
        std::int64_t window = std::min({of_stream, of_connection, std::int64_t{16384}});
        if (window > 0) {
            std::string piece = sent.substr(at, static_cast<std::size_t>(window));
            at += piece.size();
            of_stream -= static_cast<std::int64_t>(piece.size());
            of_connection -= static_cast<std::int64_t>(piece.size());
            client.send_frame(http2::kData, at == sent.size() ? http2::kEndStream : 0, 1, piece);
            continue;
        }
        Http2FrameIn in = client.receive_frame();
        REQUIRE(in.type >= 0);
        REQUIRE(in.type != http2::kReset);
        REQUIRE(in.type != http2::kGoaway);
        if (in.type == http2::kWindow) (in.stream == 0 ? of_connection : of_stream) += in.number();
        if (in.type == http2::kSettings && in.payload.find(http2::setting(4, 65536)) != in.payload.npos) ++of_stream;
    }
    CHECK(client.reply(1).body == "fine");
    CHECK(recorder.seen().at(0).body == sent);
}

TEST_CASE("large answers of the app and of files pass by flow-control windows", "[edge][http2]") {
    EdgeFixture fixture;
    std::string big = random_bytes(2 << 20, 3);
    fixture.blob("ab/cd/file", big);
    Recorder recorder([&](const Seen& seen) {
        if (seen.head.starts_with("GET /api/file")) return ok("", "X-Accel-Redirect: /_blobs/ab/cd/file\r\n");
        return ok(big);
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture);
    CHECK(client.ask(1, http2::get("/api/big")).body == big);
    CHECK(client.ask(3, http2::get("/api/file")).body == big);
    Http2Reply part = client.ask(5, http2::get("/api/file", {{"range", "bytes=10-19"}}));
    CHECK(part.status == 206);
    CHECK(part.body == big.substr(10, 10));
    Http2Fields head = http2::get("/api/file");
    head[0].second = "HEAD";
    Http2Reply only_head = client.ask(7, head);
    CHECK(only_head.fields["content-length"] == std::to_string(big.size()));
    CHECK(only_head.body.empty());
    CHECK(only_head.whole);
}

TEST_CASE("many streams at once, each with its own answer", "[edge][http2]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) {
        std::string path = seen.head.substr(4, seen.head.find(' ', 4) - 4);
        return ok(path + std::string(50000, 'x'));
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture);
    for (int round = 0; round < 3; ++round) {
        auto first = static_cast<std::uint32_t>(round * 200 + 1);
        for (std::uint32_t i = 0; i < 100; ++i)
            client.request(first + 2 * i, http2::get(name_of(static_cast<int>(first + 2 * i))));
        for (std::uint32_t i = 0; i < 100; ++i) {
            Http2Reply reply = client.reply(first + 2 * i);
            REQUIRE(reply.whole);
            std::string name = name_of(static_cast<int>(first + 2 * i));
            REQUIRE(reply.body.substr(0, name.size() + 1) == name + "x");
            REQUIRE(reply.body.size() == name.size() + 50000);
        }
    }
}

TEST_CASE("one stream that is not read does not stop another", "[edge][http2]") {
    EdgeFixture fixture;
    std::string big(1 << 20, 'x');
    Recorder recorder([&](const Seen&) { return ok(big); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    // A stream has a window of 1000 bytes, the connection a large one.
    Http2Client client = client_of(fixture, http2::setting(4, 1000));
    client.send_frame(http2::kWindow, 0, 0, http2::number(1 << 20));
    client.request(1, http2::get("/api/big"));
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    CHECK(client.ask(3, http2::get("/livez")).body == "ok\n");
    client.send_frame(http2::kWindow, 0, 1, http2::number(1 << 20));
    CHECK(client.reply(1).body.size() == big.size());
}

TEST_CASE("answers that the socket accepts slowly arrive complete, though every stream has ended", "[edge][http2]") {
    EdgeFixture fixture;
    const std::string part(200000, 'x');
    Recorder recorder([&](const Seen&) { return ok(part); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client client = client_of(fixture, http2::setting(4, 0x7fffffff));
    client.send_frame(http2::kWindow, 0, 0, http2::number(0x7fff0000));
    for (std::uint32_t stream = 1; stream < 200; stream += 2) client.request(stream, http2::get("/api/x"));
    std::this_thread::sleep_for(100ms);
    for (std::uint32_t stream = 1; stream < 200; stream += 2) {
        Http2Reply reply = client.reply(stream);
        REQUIRE(reply.whole);
        REQUIRE(reply.body.size() == part.size());
    }
}

TEST_CASE("an answer before the end of the body is complete, and the rest is declined", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    client.request(1, http2::put("/nowhere", {{"content-length", "100000000"}}), false);
    Http2Reply reply = client.reply(1);
    CHECK(reply.status == 404);
    CHECK(reply.whole);
    while (client.replies()[1].reset < 0) {
        Http2FrameIn in = client.receive_frame();
        REQUIRE(in.type >= 0);
        if (in.type == http2::kReset) client.replies()[1].reset = static_cast<int>(in.number());
    }
    CHECK(client.replies()[1].reset == http2::kNoError);
    // Bytes in flight are dropped, and the connection stays usable.
    client.send_frame(http2::kData, http2::kEndStream, 1, std::string(16384, 'x'));
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
}

TEST_CASE("a stream reset by the client ends only its exchange", "[edge][http2]") {
    EdgeFixture fixture;
    std::atomic<bool> left{false};
    RawUpstream app(fixture.socket(), [&](bodega::test::Stream& stream) {
        read_request(stream);
        stream.receive();
        left = true;
    });
    Http2Client client = client_of(fixture);
    client.request(1, http2::get("/api/slow"));
    REQUIRE(eventually([&] { return app.connections() == 1; }));
    client.send_frame(http2::kReset, 0, 1, http2::number(http2::kCancel));
    CHECK(eventually([&] { return left.load(); }));
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
    CHECK(eventually([&] { return fixture.accesses().size() == 2; }));
    CHECK_FALSE(fixture.accesses()[0].stats.whole);
}

TEST_CASE("an app that breaks off resets only its stream", "[edge][http2]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) {
        read_request(stream);
        stream.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    Http2Client client = client_of(fixture);
    Http2Reply reply = client.ask(1, http2::get("/api/x"));
    CHECK(reply.status == 200);
    CHECK_FALSE(reply.whole);
    CHECK(reply.reset == 2);
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
}

TEST_CASE("a drain sends HTTP/2 clients two GOAWAYs, and finishes streams in flight", "[edge][http2]") {
    EdgeFixture fixture;
    std::atomic<bool> go{false};
    Recorder recorder([&](const Seen&) {
        while (!go) std::this_thread::sleep_for(2ms);
        return ok("in time");
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    Http2Client idle = client_of(fixture);
    idle.ask(1, http2::get("/livez"));
    Http2Client busy = client_of(fixture);
    busy.request(1, http2::get("/api/x"));
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    bool clean = false;
    std::thread drain([&] { clean = fixture.server().drain(10s); });
    while (busy.last_goaway() < 0) REQUIRE(busy.take());
    CHECK(busy.last_stream() == 0x7fffffff);
    // A request that was on its way then is served.
    CHECK(busy.ask(3, http2::get("/livez")).status == 200);
    while (busy.last_stream() == 0x7fffffff) REQUIRE(busy.take());
    CHECK(busy.last_stream() == 3);
    go = true;
    CHECK(busy.reply(1).body == "in time");
    CHECK(busy.goaway_code() == http2::kNoError);
    busy.close();
    CHECK(idle.goaway_code() == http2::kNoError);
    idle.close();
    drain.join();
    CHECK(clean);
}

TEST_CASE("an idle HTTP/2 connection gets GOAWAY", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.idle_timeout = 200ms;
    EdgeFixture fixture(settings);
    Http2Client client = client_of(fixture);
    client.ask(1, http2::get("/livez"));
    CHECK(client.goaway_code() == http2::kNoError);
    CHECK_FALSE(client.timed_out());
    client.close();
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
}
