// Bodies in very small chunks: chunks that arrive together are passed on together, a single one is passed on at once.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr int kCount = 20'000;

std::string one_byte_chunks(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += std::string("1\r\n") + static_cast<char>('a' + i % 26) + "\r\n";
    return out;
}

std::string data_of(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += static_cast<char>('a' + i % 26);
    return out;
}

std::size_t count_chunks(std::string_view raw) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < raw.size();) {
        std::size_t size = std::stoul(std::string(raw.substr(at, raw.find('\r', at) - at)), nullptr, 16);
        if (size == 0) break;
        ++count;
        at = raw.find('\n', at) + 1 + size + 2;
    }
    return count;
}

// An upstream that answers with `body` in its own framing.
RawUpstream::Serve chunked_answers(const std::string& body) {
    return [body](Stream& stream) {
        while (read_request(stream))
            if (!stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n" +
                             body))
                return;
    };
}

}  // namespace

TEST_CASE("a request's small chunks are joined for the upstream", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("hi"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.send("POST /api/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("186a0\r\n" + std::string(100'000, 'x') +
                "\r\n");  // more than the edge holds: it is passed on as it arrives
    client.send(one_byte_chunks(kCount) + "0\r\n\r\n");
    CHECK(client.reply().status == 200);
    REQUIRE(recorder.seen().size() == 1);
    CHECK(recorder.seen()[0].content() == std::string(100'000, 'x') + data_of(kCount));
    CHECK(count_chunks(recorder.seen()[0].body) < kCount / 50);
}

TEST_CASE("an answer's small chunks are joined for the client", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), chunked_answers(one_byte_chunks(kCount) + "0\r\n\r\n"));
    RawClient client = fixture.client();
    client.send("GET /api/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    std::string raw = client.receive_all();
    std::string body = raw.substr(raw.find("\r\n\r\n") + 4);
    CHECK(decode_chunks(body) == data_of(kCount));
    CHECK(count_chunks(body) < kCount / 50);
}

TEST_CASE("an answer's small chunks are joined into few HTTP/2 frames", "[edge][http2]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), chunked_answers(one_byte_chunks(kCount) + "0\r\n\r\n"));
    Http2Client client(fixture.url());
    client.request(1, http2::get("/api/x"));
    std::string body;
    int frames = 0;
    for (bool whole = false; !whole;) {
        Http2FrameIn in = client.receive_frame();
        REQUIRE(in.type >= 0);
        if (in.type != http2::kData) continue;
        body += in.payload;
        ++frames;
        whole = (in.flags & http2::kEndStream) != 0;
    }
    CHECK(body == data_of(kCount));
    CHECK(frames < kCount / 50);
}

TEST_CASE("a single chunk is not delayed in either direction", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        stream.receive_until("\r\n\r\n");
        stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        // Each byte of the request is answered before the next one comes.
        for (int i = 0; i < 3; ++i) {
            stream.receive_until("x\r\n");
            stream.send("1\r\ny\r\n");
        }
        stream.receive_until("0\r\n\r\n");
        stream.send("0\r\n\r\n");
    });
    RawClient client = fixture.client();
    client.send("POST /api/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("186a0\r\n" + std::string(100'000, 'z') + "\r\n");
    client.receive_until("\r\n\r\n");
    for (int i = 0; i < 3; ++i) {
        client.send("1\r\nx\r\n");
        CHECK(client.receive_until("y\r\n") == "1\r\ny\r\n");
    }
    client.send("0\r\n\r\n");
    CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
}
