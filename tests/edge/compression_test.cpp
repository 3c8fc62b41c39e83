// Proxied texts are compressed for clients that want it, complete, and with a correct head.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/gunzip.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kAsk = "GET /api/x HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n";
constexpr std::string_view kFields = "Content-Type: application/json\r\nETag: \"v1\"\r\nAccept-Ranges: bytes\r\n";

std::string listing(std::size_t entries) {
    std::string out = "[";
    for (std::size_t i = 0; i < entries; ++i) out += R"({"name":"report )" + std::to_string(i * 7919) + R"(.pdf"},)";
    return out + "]";
}

}  // namespace

TEST_CASE("a long text arrives compressed and complete, with a weak tag", "[edge]") {
    std::string text = listing(20'000);
    EdgeFixture fixture;
    Recorder recorder([&](const Seen&) { return ok(text, kFields); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    for (int i = 0; i < 3; ++i) {
        Reply reply = client.ask(kAsk);
        REQUIRE(reply.status == 200);
        CHECK(reply.field("content-encoding") == "gzip");
        CHECK(reply.field("etag") == "W/\"v1\"");
        CHECK(reply.field("vary") == "Accept-Encoding");
        CHECK(reply.field("accept-ranges").empty());
        CHECK(reply.field("content-length").empty());
        CHECK(reply.whole);
        CHECK(reply.body.size() < text.size() / 3);
        CHECK(gunzip(reply.body) == text);
    }
    CHECK(app.connections() == 1);
    Reply plain = client.ask("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(plain.body == text);
    CHECK(plain.field("etag") == "\"v1\"");
    CHECK(plain.field("vary") == "Accept-Encoding");
}

TEST_CASE("HEAD has the fields of GET", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        while (read_request(stream))
            stream.send("HTTP/1.1 200 OK\r\n" + std::string(kFields) + "Content-Length: 5000\r\n\r\n");
    });
    RawClient client = fixture.client();
    Reply reply = client.ask("HEAD /api/x HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n", "HEAD");
    CHECK(reply.field("content-encoding") == "gzip");
    CHECK(reply.field("etag") == "W/\"v1\"");
    CHECK(reply.field("content-length").empty());
    CHECK(client.ask("HEAD /api/x HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD").field("content-length") == "5000");
}

TEST_CASE("a short text and a 304 are not compressed", "[edge]") {
    EdgeFixture fixture;
    std::atomic<int> asked{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        while (auto seen = read_request(stream)) {
            bool known = seen->head.find("If-None-Match: W/\"v1\"") != std::string::npos;
            stream.send(known ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n" : ok("{}", kFields));
            ++asked;
        }
    });
    RawClient client = fixture.client();
    Reply reply = client.ask(kAsk);
    CHECK(reply.body == "{}");
    CHECK(reply.field("content-encoding").empty());
    CHECK(reply.field("vary").empty());
    std::string again = "GET /api/x HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nIf-None-Match: W/\"v1\"\r\n\r\n";
    CHECK(client.ask(again).status == 304);
    CHECK(client.ask(kAsk).status == 200);
}

TEST_CASE("a text that arrives in pieces is compressed in pieces, without delay", "[edge]") {
    EdgeFixture fixture;
    std::atomic<bool> seen_first{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        stream.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        eventually([&] { return seen_first.load(); });
        stream.send("6\r\nsecond\r\n0\r\n\r\n");
        stream.receive();
    });
    RawClient client = fixture.client();
    client.send(kAsk);
    client.receive_until("\r\n\r\n");
    std::string raw, text;
    CHECK(eventually([&] {
        raw += client.receive();
        text = gunzip(decode_chunks(raw));
        return text == "first";
    }));
    seen_first = true;
    CHECK(eventually([&] {
        raw += client.receive();
        return raw.ends_with("\r\n0\r\n\r\n");
    }));
    CHECK(gunzip(decode_chunks(raw)) == "firstsecond");
}

TEST_CASE("a client that does not read a compressed answer stops the upstream", "[edge]") {
    EdgeFixture fixture;
    std::atomic<std::size_t> taken{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        stream.give_patience(500ms);
        stream.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000000\r\n\r\n");
        std::string piece = random_bytes(1 << 20, 3);
        while (taken < 100 && stream.send(piece)) ++taken;
    });
    RawClient client = fixture.client(4096);
    client.send(kAsk);
    client.receive_until("\r\n\r\n");
    std::this_thread::sleep_for(1s);
    CHECK(taken < 30);
}

TEST_CASE("nothing is compressed when compression is off", "[edge]") {
    std::string text = listing(1000);
    config::Edge settings = EdgeFixture::quick();
    settings.compress_above = 0;
    EdgeFixture fixture(settings);
    Recorder recorder([&](const Seen&) { return ok(text, kFields); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask(kAsk);
    CHECK(reply.body == text);
    CHECK(reply.field("vary").empty());
}
