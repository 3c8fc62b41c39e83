// HTTP/2 clients that attack or break the protocol: the cost and the time of each are limited.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

Http2Client client_of(EdgeFixture& fixture, std::string_view settings = "") {
    return Http2Client(fixture.url(), settings);
}

std::string reset_of(std::uint32_t stream) {
    return http2::frame(http2::kReset, 0, stream, http2::number(http2::kCancel));
}

std::string request_of(std::uint32_t stream, const Http2Fields& fields, int flags = http2::kEndStream) {
    return http2::frame(http2::kHeaders, http2::kEndHeaders | flags, stream, http2::literals(fields));
}

// Sends `bytes` again and again until the server ends the connection.
int flood(Http2Client& client, std::string_view bytes, int times = 100000) {
    std::string many;
    for (int i = 0; i < 50; ++i) many += bytes;
    for (int i = 0; i < times / 50 && client.send(many); ++i) continue;
    return client.goaway_code();
}

// Opens one stream after the other until the server ends the connection.
int flood_requests(Http2Client& client, std::uint32_t stream) {
    for (int i = 0; i < 1000 && client.request(stream, http2::get("/api/x")); ++i) stream += 2;
    return client.goaway_code();
}

void is_unharmed(EdgeFixture& fixture) {
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
    Http2Client other = client_of(fixture);
    CHECK(other.ask(1, http2::get("/livez")).status == 200);
}

}  // namespace

TEST_CASE("a client that resets its requests at once is disconnected", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    std::string all;
    for (std::uint32_t stream = 1; stream < 4000; stream += 2)
        all += request_of(stream, http2::get("/livez")) + reset_of(stream);
    client.send(all);
    CHECK(client.goaway_code() == http2::kCalm);
    client.close();
    CHECK(fixture.server().stats().requests < 1000);
    CHECK(fixture.server().stats().bad_requests == 1);
    is_unharmed(fixture);
}

TEST_CASE("some resets, as browsers do, are accepted", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    for (std::uint32_t stream = 1; stream < 300; stream += 2)
        client.send(request_of(stream, http2::get("/livez")) + reset_of(stream));
    CHECK(client.ask(301, http2::get("/livez")).status == 200);
}

TEST_CASE("a client that provokes resets counts like one that resets", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    std::string all;
    // A window above 2^31-1 is a stream error (RFC 9113 section 6.9.1).
    for (std::uint32_t stream = 1; stream < 4000; stream += 2)
        all += request_of(stream, http2::put("/livez"), 0) +
               http2::frame(http2::kWindow, 0, stream, http2::number(0x7fffffff));
    client.send(all);
    CHECK(client.goaway_code() == http2::kCalm);
    client.close();
    is_unharmed(fixture);
}

TEST_CASE("a client that sends frames without requests is disconnected", "[edge][http2]") {
    EdgeFixture fixture;
    struct Flood {
        std::string name, bytes;
        int code = http2::kCalm;
    };
    const Http2Fields trailers = {{"x", "y"}};
    for (const Flood& f :
         std::vector<Flood>{{"PING", http2::frame(http2::kPing, 0, 0, "12345678")},
                            {"PING that answers none", http2::frame(http2::kPing, http2::kAck, 0, "12345678")},
                            {"SETTINGS", http2::frame(http2::kSettings, 0, 0)},
                            {"SETTINGS with entries",
                             http2::frame(http2::kSettings, 0, 0, http2::setting(4, 5) + http2::setting(4, 6))},
                            {"PRIORITY", http2::frame(http2::kPriority, 0, 1, std::string("\0\0\0\0\x10", 5))},
                            {"WINDOW_UPDATE", http2::frame(http2::kWindow, 0, 0, http2::number(1))},
                            {"a head of a stream that was closed",
                             http2::frame(http2::kHeaders, 5, 1, http2::literals(trailers)), http2::kStreamClosed},
                            {"a head of a stream that the server reset",
                             http2::frame(http2::kHeaders, 5, 3, http2::literals(trailers))},
                            {"an unknown frame", http2::frame(77, 0, 0, "x")}}) {
        INFO(f.name);
        Http2Client client = client_of(fixture);
        client.ask(1, http2::get("/livez"));
        client.request(3, http2::put("/livez"), false);
        CHECK(client.reply(3).status == 200);
        CHECK(flood(client, f.bytes) == f.code);
        client.close();
        is_unharmed(fixture);
    }
}

TEST_CASE("a client that sends empty DATA frames is disconnected", "[edge][http2]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) { read_request(stream); });
    std::string padded = "\x04" + std::string(4, '\0');
    for (const std::string& piece :
         {http2::frame(http2::kData, 0, 1), http2::frame(http2::kData, http2::kPadded, 1, padded)}) {
        Http2Client client = client_of(fixture);
        client.request(1, http2::put("/api/x"), false);
        CHECK(flood(client, piece) == http2::kCalm);
        client.close();
    }
    is_unharmed(fixture);
}

TEST_CASE("a client that sends requests and reads nothing is cut", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.send_timeout = 300ms;
    EdgeFixture fixture(settings);
    std::string big(4 << 20, 'x');
    Recorder recorder([&](const Seen&) { return ok(big); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    SECTION("its window stays shut: the streams end") {
        Http2Client client = client_of(fixture, http2::setting(4, 0));
        for (std::uint32_t stream = 1; stream < 20; stream += 2) client.request(stream, http2::get("/api/big"));
        for (std::uint32_t stream = 1; stream < 20; stream += 2) CHECK(client.reply(stream).reset >= 0);
        CHECK(client.ask(21, http2::get("/nowhere", {})).reset >= 0);
    }
    SECTION("its window opens byte by byte") {
        Http2Client client = client_of(fixture, http2::setting(4, 0));
        client.request(1, http2::get("/api/big"));
        client.give_patience(30ms);
        auto begin = std::chrono::steady_clock::now();
        std::size_t got = 0;
        bool reset = false;
        while (!reset && std::chrono::steady_clock::now() - begin < 8s) {
            client.send_frame(http2::kWindow, 0, 1, http2::number(1));
            Http2FrameIn in = client.receive_frame();
            if (in.type == http2::kData) got += in.length;
            std::this_thread::sleep_for(20ms);
            reset = in.type == http2::kReset;
        }
        CHECK(reset);
        CHECK(got < 1000);
    }
    SECTION("its window is open, but its socket is full: the connection ends") {
        Http2Client client = client_of(fixture, http2::setting(4, 0x7fffffff));
        client.send_frame(http2::kWindow, 0, 0, http2::number(0x7fff0000));
        for (std::uint32_t stream = 1; stream < 20; stream += 2) client.request(stream, http2::get("/api/big"));
        REQUIRE(eventually([&] { return fixture.server().stats().requests > 0; }));
        CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
    }
}

TEST_CASE("heads of HTTP/2 are limited", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    auto block = [](std::size_t size) { return http2::literals(http2::get("/", {{"x", std::string(size, 'x')}})); };
    auto send_block = [&](std::uint32_t stream, const std::string& bytes) {
        constexpr std::size_t kStep = 16000;
        for (std::size_t at = 0; at < bytes.size(); at += kStep) {
            int last = at + kStep >= bytes.size() ? http2::kEndHeaders : 0;
            if (at == 0) client.send_frame(http2::kHeaders, http2::kEndStream | last, stream, bytes.substr(0, kStep));
            else client.send_frame(http2::kContinuation, last, stream, bytes.substr(at, kStep));
        }
    };
    SECTION("a little too much gets a 431") {
        send_block(1, block(40000));
        CHECK(client.reply(1).status == 431);
        Http2Fields many;
        for (int i = 0; i < 101; ++i) many.emplace_back("x", "y");
        CHECK(client.ask(3, http2::get("/livez", many)).status == 431);
        CHECK(client.ask(5, http2::get("/livez")).status == 200);
    }
    SECTION("few bytes that expand to many (an HPACK bomb)") {
        std::string bomb = http2::literals(http2::get("/")) + http2::literal_indexed("x", std::string(4000, 'x'));
        bomb += std::string(8000, '\xbe');  // the field of 4000 bytes, again and again
        send_block(1, bomb);
        CHECK(client.goaway_code() == http2::kCalm);
    }
    SECTION("CONTINUATION without end") {
        client.send_frame(http2::kHeaders, 0, 1, http2::literals(http2::get("/")));
        std::string piece = http2::frame(http2::kContinuation, 0, 1, http2::literals({{"x", "y"}}));
        CHECK(flood(client, piece) >= 0);
    }
    SECTION("CONTINUATION without a byte, without end") {
        client.send_frame(http2::kHeaders, 0, 1, http2::literals(http2::get("/")));
        CHECK(flood(client, http2::frame(http2::kContinuation, 0, 1)) >= 0);
    }
    client.close();
    is_unharmed(fixture);
}

TEST_CASE("an HTTP/2 client that owes a frame times out", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.head_timeout = 300ms;
    settings.body_timeout = 300ms;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) { read_request(stream); });
    SECTION("an answer to SETTINGS") {
        Http2Client client(fixture.url(), "", false);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2::frame(http2::kSettings, 0, 0));
        std::string all = client.receive_all();
        CHECK_FALSE(client.timed_out());
        CHECK(all.ends_with(http2::number(0) + http2::number(http2::kSettingsTimeout)));
    }
    SECTION("its own SETTINGS") {
        Http2Client client(fixture.url(), "", false);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        client.receive_all();
        CHECK_FALSE(client.timed_out());
    }
    SECTION("the rest of a head, however slowly it arrives") {
        Http2Client client = client_of(fixture);
        REQUIRE(client.ask(1, http2::get("/livez")).status == 200);
        std::string head = http2::frame(http2::kHeaders, http2::kEndStream, 3, http2::literals(http2::get("/")));
        for (std::size_t i = 0; i < head.size() && client.send(head.substr(i, 1)); ++i)
            std::this_thread::sleep_for(20ms);
        CHECK(client.goaway_code() == http2::kCalm);
    }
    SECTION("the rest of a body: only its stream ends") {
        Http2Client client = client_of(fixture);
        client.request(1, http2::put("/api/x", {{"content-length", "10"}}), false);
        client.send_frame(http2::kData, 0, 1, "123");
        CHECK(client.reply(1).status == 408);
        CHECK(client.ask(3, http2::get("/livez")).status == 200);
    }
}

TEST_CASE("no more streams at once than were offered", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.http2_streams = 5;
    EdgeFixture fixture(settings);
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) {
        read_request(stream);
        stream.receive();
    });
    Http2Client client = client_of(fixture);
    std::uint32_t first = 1;
    SECTION("before it knows the limit") {}
    SECTION("after it") {
        REQUIRE(client.ask(1, http2::get("/livez")).status == 200);
        first = 3;
    }
    for (std::uint32_t stream = first; stream < first + 14; stream += 2) client.request(stream, http2::get("/api/x"));
    CHECK(client.reply(first + 10).reset == http2::kRefused);
    CHECK(client.reply(first + 12).reset == http2::kRefused);
    CHECK(client.last_goaway() < 0);
    CHECK(fixture.server().stats().requests <= 6);
    // When one of them has ended, another one may begin.
    client.send(reset_of(first));
    CHECK(client.ask(first + 14, http2::get("/livez")).status == 200);
    // A client that ignores refusals is disconnected.
    CHECK(flood_requests(client, first + 16) == http2::kCalm);
}

TEST_CASE("a malformed request resets only its stream", "[edge][http2]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) { read_request(stream); });
    Http2Client client = client_of(fixture);
    std::uint32_t stream = 1;
    SECTION("by their fields") {
        for (const Http2Fields& more : std::vector<Http2Fields>{{{"connection", "close"}},
                                                                {{"transfer-encoding", "chunked"}},
                                                                {{"keep-alive", "1"}},
                                                                {{"proxy-connection", "close"}},
                                                                {{"upgrade", "websocket"}},
                                                                {{"te", "gzip"}},
                                                                {{"X-Upper", "1"}},
                                                                {{"x", "a\r\nb: c"}},
                                                                {{"x", " padded "}},
                                                                {{"", "1"}},
                                                                {{":path", "/again"}},
                                                                {{":unknown", "1"}},
                                                                {{"content-length", "x"}},
                                                                {{"content-length", "5"}},  // and no body
                                                                {{"content-length", "0"}, {"content-length", "0"}}}) {
            INFO(more.front().first << ": " << more.front().second);
            Http2Reply reply = client.ask(stream, http2::get("/livez", more));
            CHECK((reply.reset == http2::kProtocol || reply.status == 400));
            stream += 2;
        }
    }
    SECTION("by pseudo-headers that are missing, or late") {
        for (const Http2Fields& fields :
             std::vector<Http2Fields>{{{":method", "GET"}, {":scheme", "http"}, {":authority", "h"}},
                                      {{":method", "GET"}, {":path", "/"}, {":authority", "h"}},
                                      {{":scheme", "http"}, {":path", "/"}, {":authority", "h"}},
                                      {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}},
                                      {{":method", "GET"}, {":scheme", "http"}, {":path", ""}, {":authority", "h"}},
                                      {{":method", "GET"}, {":scheme", "http"}, {"x", "y"}, {":path", "/"}}}) {
            CHECK(client.ask(stream, fields).reset == http2::kProtocol);
            stream += 2;
        }
    }
    CHECK(client.ask(stream, http2::get("/livez")).status == 200);
}

TEST_CASE("a malformed frame of a stream resets only that stream", "[edge][http2]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](bodega::test::Stream& stream) { read_request(stream); });
    Http2Client client = client_of(fixture);
    std::uint32_t stream = 1;
    SECTION("by a body of another length than they said") {
        client.request(stream, http2::put("/api/x", {{"content-length", "5"}}), false);
        client.send_frame(http2::kData, http2::kEndStream, stream, "123");
        CHECK(client.reply(stream).reset == http2::kProtocol);
        stream += 2;
        client.request(stream, http2::put("/api/x", {{"content-length", "2"}}), false);
        client.send_frame(http2::kData, 0, stream, "123");
        CHECK(client.reply(stream).reset == http2::kProtocol);
        stream += 2;
    }
    SECTION("by trailers that do not end them") {
        client.request(stream, http2::put("/api/x"), false);
        client.send_frame(http2::kHeaders, http2::kEndHeaders, stream, http2::literals({{"x", "y"}}));
        CHECK(client.reply(stream).reset == http2::kProtocol);
        stream += 2;
    }
    SECTION("by a window beyond all bounds") {
        client.request(stream, http2::put("/api/x"), false);
        client.send_frame(http2::kWindow, 0, stream, http2::number(0x7fffffff));
        CHECK(client.reply(stream).reset == http2::kFlowControl);
        stream += 2;
    }
    CHECK(client.ask(stream, http2::get("/livez")).status == 200);
}

TEST_CASE("CONNECT is not offered", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    CHECK(client.ask(1, {{":method", "CONNECT"}, {":authority", "h:1"}}).status == 501);
}

TEST_CASE("a connection error ends the connection with its code", "[edge][http2]") {
    EdgeFixture fixture;
    struct Breach {
        std::string name, bytes;
        int code;
    };
    std::string literals = http2::literals(http2::get("/livez"));
    int whole = http2::kEndHeaders | http2::kEndStream;
    for (const Breach& b : std::vector<Breach>{
             {"a stream of the server's", http2::frame(http2::kHeaders, whole, 2, literals), http2::kProtocol},
             {"a request on stream 0", http2::frame(http2::kHeaders, whole, 0, literals), http2::kProtocol},
             {"data on stream 0", http2::frame(http2::kData, 0, 0, "x"), http2::kProtocol},
             {"data on no stream", http2::frame(http2::kData, 0, 9, "x"), http2::kProtocol},
             {"a push", http2::frame(http2::kPush, http2::kEndHeaders, 1, http2::number(2)), http2::kProtocol},
             {"another frame within a head",
              http2::frame(http2::kHeaders, 0, 1, literals) + http2::frame(http2::kPing, 0, 0, "12345678"),
              http2::kProtocol},
             {"CONTINUATION of nothing", http2::frame(http2::kContinuation, http2::kEndHeaders, 1, ""),
              http2::kProtocol},
             {"a frame too long", http2::frame(http2::kData, 0, 1, std::string(16385, 'x')), http2::kFrameSize},
             {"a PING of 7 bytes", http2::frame(http2::kPing, 0, 0, "1234567"), http2::kFrameSize},
             {"SETTINGS of 5 bytes", http2::frame(http2::kSettings, 0, 0, "12345"), http2::kFrameSize},
             {"SETTINGS on a stream", http2::frame(http2::kSettings, 0, 1, ""), http2::kProtocol},
             {"a window setting too large", http2::frame(http2::kSettings, 0, 0, http2::setting(4, 0x80000000)),
              http2::kFlowControl},
             {"a frame size setting too small", http2::frame(http2::kSettings, 0, 0, http2::setting(5, 1)),
              http2::kProtocol},
             {"a window update of zero", http2::frame(http2::kWindow, 0, 0, http2::number(0)), http2::kProtocol},
             {"a window beyond all bounds", http2::frame(http2::kWindow, 0, 0, http2::number(0x7fffffff)),
              http2::kFlowControl},
             {"a reset of no stream", http2::frame(http2::kReset, 0, 7, http2::number(8)), http2::kProtocol},
             {"padding longer than the frame", http2::frame(http2::kData, http2::kPadded, 1, "\x7fxx"),
              http2::kProtocol},
             {"a head that HPACK can't read", http2::frame(http2::kHeaders, whole, 1, "\xff\xff\xff\xff\xff\x7f"),
              http2::kCompression}}) {
        INFO(b.name);
        Http2Client client = client_of(fixture);
        client.send(b.bytes);
        CHECK(client.goaway_code() == b.code);
        CHECK_FALSE(client.timed_out());
    }
    CHECK(fixture.server().stats().bad_requests > 0);
    is_unharmed(fixture);
}

TEST_CASE("more of a body than its window allows resets the stream", "[edge][http2]") {
    EdgeFixture fixture;
    std::atomic<bool> stop{false};
    RawUpstream app(fixture.socket(), [&](bodega::test::Stream& stream) {
        stream.receive_until("\r\n\r\n");
        while (!stop) std::this_thread::sleep_for(2ms);
    });
    Http2Client client = client_of(fixture);
    client.request(1, http2::put("/api/x"), false);
    std::string piece = http2::frame(http2::kData, 0, 1, std::string(16384, 'x'));
    for (int i = 0; i < 200 && client.send(piece); ++i) continue;
    CHECK(client.reply(1).reset == http2::kFlowControl);
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
    stop = true;
}

TEST_CASE("a client of HTTP/2 that sends GOAWAY is disconnected cleanly", "[edge][http2]") {
    EdgeFixture fixture;
    Http2Client client = client_of(fixture);
    client.ask(1, http2::get("/livez"));
    client.send_frame(http2::kGoaway, 0, 0, http2::number(0) + http2::number(http2::kNoError));
    client.goaway_code();
    CHECK_FALSE(client.timed_out());
    client.close();
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
}

// --- memory

namespace {

// Requests of `size` bytes of fields, which wait for bodies that never come.
std::string waiting_requests(std::uint32_t count, std::size_t size) {
    std::string out;
    for (std::uint32_t i = 0; i < count; ++i) {
        Http2Fields fields = {
            {":method", "POST"}, {":scheme", "http"}, {":path", "/api/v1/session"}, {":authority", "h"}};
        fields.push_back({"x-large", std::string(size, 'x')});
        out += request_of(2 * i + 1, fields, 0);
    }
    return out;
}

}  // namespace

TEST_CASE("over http2_memory the requests of one HTTP/2 connection are reset", "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.http2_memory = 512 << 10;
    EdgeFixture fixture(settings);
    Http2Client client = client_of(fixture);
    client.send(waiting_requests(90, 10'000));
    Http2Reply refused = client.reply(179);
    CHECK(refused.reset == http2::kRefused);  // the request may be retried
    CHECK(refused.status == 0);
    const std::uint64_t held = fixture.server().stats().held;
    CHECK(held > 300'000);
    CHECK(held < 600'000);
    CHECK(fixture.server().stats().over_memory > 30);
    CHECK(client.replies()[1].reset == -1);  // earlier streams keep their slots
    client.close();
    CHECK(eventually([&] { return fixture.server().stats().held < 1000; }));
    is_unharmed(fixture);
}

TEST_CASE("over max_memory the edge resets streams, cuts the connection that holds most, and answers others",
          "[edge][http2]") {
    config::Edge settings = EdgeFixture::quick();
    settings.max_memory = 2 << 20;
    EdgeFixture fixture(settings);
    std::vector<Http2Client> crowd;
    for (int i = 0; i < 6; ++i) {
        crowd.push_back(client_of(fixture));
        crowd.back().send(waiting_requests(90, 10'000));
    }
    CHECK(eventually([&] { return fixture.server().stats().over_memory > 0; }));
    CHECK(fixture.server().stats().held < 3 << 20);
    auto answered = [&] { return client_of(fixture).ask(1, http2::get("/livez")).status == 200; };
    CHECK(eventually(answered));
    CHECK(eventually([&] { return fixture.client().ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200; }));
    CHECK(fixture.server().stats().cut_for_memory > 0);
}

TEST_CASE("a head is released while its answer waits for the client", "[edge][http2]") {
    EdgeFixture fixture;
    constexpr int kInitialWindow = 4;
    Http2Client client = client_of(fixture, http2::setting(kInitialWindow, 0));
    std::string all;
    for (std::uint32_t i = 0; i < 50; ++i)
        all += request_of(2 * i + 1, http2::get("/", {{"x-large", std::string(14'000, 'x')}}));
    client.send(all);
    CHECK(eventually([&] { return fixture.server().stats().requests == 50; }));
    eventually([&] { return fixture.server().stats().held < 50 * 10'000; });
    CHECK(fixture.server().stats().held < 50 * 10'000);
    client.close();
    REQUIRE(eventually([&] { return fixture.accesses().size() == 50; }));
    CHECK(fixture.accesses()[0].path == "/");
}
