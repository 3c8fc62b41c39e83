// HTTP/2 on a plain port: what an ordinary client sees.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

Http2Client client_of(House& house, std::string_view settings = "") { return Http2Client(house.url(), settings); }

std::string name_of(int number) { return "/api/" + std::to_string(number); }

}  // namespace

TEST_CASE("a client that begins with the preface is answered in HTTP/2", "[edge][http2]") {
    House house;
    Http2Client client = client_of(house);
    for (std::uint32_t stream = 1; stream < 200; stream += 2) {
        Http2Reply reply = client.ask(stream, http2::get("/livez"));
        REQUIRE(reply.status == 200);
        REQUIRE(reply.whole);
        REQUIRE(reply.body == "ok\n");
        CHECK(reply.fields["content-length"] == "3");
        CHECK(reply.fields["x-request-id"].size() == 26);
    }
    CHECK(house.server().stats().accepted == 1);
    CHECK(house.server().stats().requests == 100);
    CHECK(house.server().stats().bad_requests == 0);
    CHECK(eventually([&] { return house.accesses().size() == 100; }));
    CHECK(house.accesses().back().trail.protocol == "HTTP/2");
    CHECK(house.accesses().back().trail.whole);
}

TEST_CASE("the preface may come byte by byte", "[edge][http2]") {
    House house;
    Http2Client client(house.url(), "", false);
    std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2::frame(http2::kSettings, 0, 0);
    bytes +=
        http2::frame(http2::kHeaders, http2::kEndHeaders | http2::kEndStream, 1, http2::literals(http2::get("/livez")));
    for (char c : bytes) {
        client.send({&c, 1});
        std::this_thread::sleep_for(500us);
    }
    CHECK(client.reply(1).body == "ok\n");
}

TEST_CASE("where HTTP/2 is off, its preface is another version", "[edge][http2]") {
    config::Edge settings = House::quick();
    settings.http2 = "off";
    House house(settings);
    Http2Client client = client_of(house);
    CHECK(client.Stream::receive_all().starts_with("HTTP/1.1 505 "));
}

TEST_CASE("a preface after a request of HTTP/1.1 is no preface", "[edge][http2]") {
    House house;
    RawClient client = house.client();
    CHECK(client.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    CHECK(client.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status == 505);
}

TEST_CASE("a request reaches the app as HTTP/1.1, its body whole", "[edge][http2]") {
    House house;
    Recorder recorder([](const Seen& seen) { return ok("got " + std::to_string(seen.body.size())); });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house);
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
        CHECK(seen.head.find("\r\nContent-Length: 5\r\n") != seen.head.npos);  // it is small: held until it was whole
        CHECK(seen.head.find("te:") == seen.head.npos);
        CHECK(seen.body == "hello");
        CHECK(seen.body.find("x-sum") == seen.body.npos);
    }
}

TEST_CASE("a trusted proxy that speaks HTTP/2 is believed", "[edge][http2]") {
    config::Edge settings = House::quick();
    settings.trusted_proxies = {"127.0.0.1"};
    House house(settings);
    Http2Client client = client_of(house);
    Http2Reply reply =
        client.ask(1, http2::get("/livez", {{"x-forwarded-for", "192.0.2.7"}, {"x-request-id", "of-the-proxy"}}));
    CHECK(reply.fields["x-request-id"] == "of-the-proxy");
    REQUIRE(eventually([&] { return house.accesses().size() == 1; }));
    CHECK(house.accesses()[0].address == "192.0.2.7");
}

TEST_CASE("an expectation is met by an interim answer of HTTP/2", "[edge][http2]") {
    House house;
    Recorder recorder([](const Seen& seen) { return ok(seen.body); });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house);
    client.request(1, http2::put("/api/x", {{"content-length", "2"}, {"expect", "100-continue"}}), false);
    Http2FrameIn in = client.receive_frame();
    while (in.type != http2::kHeaders && in.type >= 0) in = client.receive_frame();
    CHECK((in.flags & http2::kEndStream) == 0);
    client.send_frame(http2::kData, http2::kEndStream, 1, "hi");
    CHECK(client.reply(1).body == "hi");
}

TEST_CASE("a large body flows up by windows, and is the same below", "[edge][http2]") {
    House house;
    std::string sent = random_bytes(3 << 20, 7);
    Recorder recorder([](const Seen&) { return ok("fine"); });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house);
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

TEST_CASE("large answers of the app and of files flow down by windows", "[edge][http2]") {
    House house;
    std::string big = random_bytes(2 << 20, 3);
    house.blob("ab/cd/file", big);
    Recorder recorder([&](const Seen& seen) {
        if (seen.head.starts_with("GET /api/file")) return ok("", "X-Accel-Redirect: /_blobs/ab/cd/file\r\n");
        return ok(big);
    });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house);
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
    House house;
    Recorder recorder([](const Seen& seen) {
        std::string path = seen.head.substr(4, seen.head.find(' ', 4) - 4);
        return ok(path + std::string(50000, 'x'));
    });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house);
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
    House house;
    std::string big(1 << 20, 'x');
    Recorder recorder([&](const Seen&) { return ok(big); });
    RawUpstream app(house.socket(), std::ref(recorder));
    // A stream gets 1000 bytes until it asks for more, the connection much.
    Http2Client client = client_of(house, http2::setting(4, 1000));
    client.send_frame(http2::kWindow, 0, 0, http2::number(1 << 20));
    client.request(1, http2::get("/api/big"));
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    CHECK(client.ask(3, http2::get("/livez")).body == "ok\n");
    client.send_frame(http2::kWindow, 0, 1, http2::number(1 << 20));
    CHECK(client.reply(1).body.size() == big.size());
}

TEST_CASE("answers that the socket does not take at once arrive whole, though every stream has ended",
          "[edge][http2]") {
    House house;
    const std::string part(200000, 'x');
    Recorder recorder([&](const Seen&) { return ok(part); });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client client = client_of(house, http2::setting(4, 0x7fffffff));
    client.send_frame(http2::kWindow, 0, 0, http2::number(0x7fff0000));
    for (std::uint32_t stream = 1; stream < 200; stream += 2) client.request(stream, http2::get("/api/x"));
    std::this_thread::sleep_for(100ms);
    for (std::uint32_t stream = 1; stream < 200; stream += 2) {
        Http2Reply reply = client.reply(stream);
        REQUIRE(reply.whole);
        REQUIRE(reply.body.size() == part.size());
    }
}

TEST_CASE("an answer before the body came is whole, and the rest is declined", "[edge][http2]") {
    House house;
    Http2Client client = client_of(house);
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
    // What was on its way is dropped, and the connection goes on.
    client.send_frame(http2::kData, http2::kEndStream, 1, std::string(16384, 'x'));
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
}

TEST_CASE("a stream that its client resets ends its exchange alone", "[edge][http2]") {
    House house;
    std::atomic<bool> left{false};
    RawUpstream app(house.socket(), [&](bodega::test::Stream& stream) {
        read_request(stream);
        stream.receive();
        left = true;
    });
    Http2Client client = client_of(house);
    client.request(1, http2::get("/api/slow"));
    REQUIRE(eventually([&] { return app.connections() == 1; }));
    client.send_frame(http2::kReset, 0, 1, http2::number(http2::kCancel));
    CHECK(eventually([&] { return left.load(); }));
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
    CHECK(eventually([&] { return house.accesses().size() == 2; }));
    CHECK_FALSE(house.accesses()[0].trail.whole);
}

TEST_CASE("an app that breaks off resets the stream alone", "[edge][http2]") {
    House house;
    RawUpstream app(house.socket(), [](bodega::test::Stream& stream) {
        read_request(stream);
        stream.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    Http2Client client = client_of(house);
    Http2Reply reply = client.ask(1, http2::get("/api/x"));
    CHECK(reply.status == 200);
    CHECK_FALSE(reply.whole);
    CHECK(reply.reset == 2);
    CHECK(client.ask(3, http2::get("/livez")).status == 200);
}

TEST_CASE("a drain tells clients of HTTP/2 in two steps, and ends what is in flight", "[edge][http2]") {
    House house;
    std::atomic<bool> go{false};
    Recorder recorder([&](const Seen&) {
        while (!go) std::this_thread::sleep_for(2ms);
        return ok("in time");
    });
    RawUpstream app(house.socket(), std::ref(recorder));
    Http2Client idle = client_of(house);
    idle.ask(1, http2::get("/livez"));
    Http2Client busy = client_of(house);
    busy.request(1, http2::get("/api/x"));
    REQUIRE(eventually([&] { return recorder.seen().size() == 1; }));
    bool clean = false;
    std::thread drain([&] { clean = house.server().drain(10s); });
    while (busy.last_goaway() < 0) REQUIRE(busy.take());
    CHECK(busy.last_stream() == 0x7fffffff);
    // A request that was on its way then is served.
    CHECK(busy.ask(3, http2::get("/livez")).status == 200);
    while (busy.last_stream() == 0x7fffffff) REQUIRE(busy.take());
    CHECK(busy.last_stream() == 3);
    go = true;
    CHECK(busy.reply(1).body == "in time");
    CHECK(busy.goodbye() == http2::kNoError);
    busy.close();
    CHECK(idle.goodbye() == http2::kNoError);
    idle.close();
    drain.join();
    CHECK(clean);
}

TEST_CASE("an idle connection of HTTP/2 is told to go", "[edge][http2]") {
    config::Edge settings = House::quick();
    settings.idle_timeout = 200ms;
    House house(settings);
    Http2Client client = client_of(house);
    client.ask(1, http2::get("/livez"));
    CHECK(client.goodbye() == http2::kNoError);
    CHECK_FALSE(client.timed_out());
    client.close();
    CHECK(eventually([&] { return house.server().stats().open_connections == 0; }));
}
