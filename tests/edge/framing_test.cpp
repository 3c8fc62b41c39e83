// Raw bytes against a real edge: a refused request closes the connection, and nothing of it reaches the app.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/edge_vectors.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kSmuggled = "GET /api/smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

// The vector's request with a path of the app, where a mistake would be visible.
std::string aimed(std::string_view bytes) {
    std::string out(bytes);
    std::size_t at = out.find(" / HTTP");
    return at == std::string::npos ? out : out.replace(at, 3, " /api/v ");
}

// Sends `bytes` and a request hidden after them, split at `cut`, and returns the answer.
Reply refused_by(EdgeFixture& fixture, const std::string& bytes, std::size_t cut, bool& closed) {
    RawClient client = fixture.client();
    std::string all = bytes + std::string(kSmuggled);
    client.send(all.substr(0, cut));
    if (cut % 7 == 0) std::this_thread::sleep_for(1ms);
    client.send(all.substr(cut));
    Reply reply = client.reply();
    std::string rest = client.receive_all();
    closed = rest.empty() && !client.timed_out();
    return reply;
}

void check_refused(std::span<const RequestVector> vectors) {
    config::Edge settings = EdgeFixture::quick();
    settings.http2 = "off";  // whose preface is one of them
    EdgeFixture fixture(settings);
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    for (const RequestVector& vector : vectors) {
        if (vector.status == 0) continue;
        INFO(vector.name);
        std::string bytes = aimed(vector.bytes);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            INFO("cut at " << cut);
            bool closed = false;
            Reply reply = refused_by(fixture, bytes, cut, closed);
            REQUIRE(reply.status == vector.status);
            REQUIRE(reply.field("connection") == "close");
            REQUIRE(closed);
        }
    }
    CHECK(recorder.seen().empty());
}

// A body that fits an accepted vector's framing; nullopt: too long to send.
std::optional<std::string> wanted_body(std::string_view seen, std::string& content) {
    content.clear();
    if (seen.find(" chunked ") != std::string_view::npos) {
        content = "hi";
        return "1;a\r\nh\r\n1\r\ni\r\n0\r\nX: y\r\n\r\n";
    }
    std::size_t at = seen.find(" length:");
    if (at == std::string_view::npos) return "";
    std::size_t length = std::stoull(std::string(seen.substr(at + 8)));
    if (length > 100) return std::nullopt;
    return content = std::string(length, 'x');
}

// Sends the request and another one after it, split at `cut`: each is answered once, and the app sees two requests.
void check_passed(EdgeFixture& fixture, const Recorder& recorder, const std::string& bytes, std::size_t cut,
                  const std::string& content) {
    std::size_t before = recorder.seen().size();
    RawClient client = fixture.client();
    client.send(bytes.substr(0, cut));
    if (cut % 7 == 0) std::this_thread::sleep_for(1ms);
    client.send(bytes.substr(cut));
    Reply reply = client.reply();
    if (reply.status == 100) reply = client.reply();
    REQUIRE(reply.status == 200);
    std::vector<Seen> seen = recorder.seen();
    REQUIRE(seen.size() == before + 1);
    bool chunked = seen.back().head.find("Transfer-Encoding") != std::string::npos;
    REQUIRE((chunked ? decode_chunks(seen.back().body) : seen.back().body) == content);
    if (reply.field("connection") == "close") return;
    REQUIRE(client.ask(kSmuggled).status == 200);
}

void check_accepted(std::span<const RequestVector> vectors) {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    for (const RequestVector& vector : vectors) {
        if (vector.status != 0 || vector.bytes.find(" / HTTP") == std::string_view::npos) continue;
        INFO(vector.name);
        std::string content;
        auto body = wanted_body(vector.seen, content);
        if (!body) continue;
        std::string bytes = aimed(vector.bytes) + *body;
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) check_passed(fixture, recorder, bytes, cut, content);
    }
}

// A chunked body before another request: the app gets the data, or the client a 400 and no more.
void check_chunked(EdgeFixture& fixture, const Recorder& recorder, const ChunkedVector& vector, std::size_t cut) {
    bool closed = false;
    std::string head = "POST /api/v HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    if (vector.state == http::ChunkedDecoder::State::malformed) {
        Reply reply = refused_by(fixture, head + std::string(vector.bytes), head.size() + cut, closed);
        REQUIRE(reply.status == 400);
        REQUIRE(reply.field("connection") == "close");
        REQUIRE(closed);
        return;
    }
    RawClient client = fixture.client();
    std::string bytes = head + std::string(vector.bytes);
    client.send(bytes.substr(0, head.size() + cut));
    client.send(bytes.substr(head.size() + cut));
    REQUIRE(client.reply().status == 200);
    REQUIRE(recorder.seen().back().content() == vector.data);
}

}  // namespace

TEST_CASE("accepted requests reach the app with their meaning unchanged", "[edge][raw]") {
    check_accepted(request_line_vectors());
    check_accepted(request_field_vectors());
    check_accepted(request_framing_vectors());
}

TEST_CASE("chunked bodies reach the app unchanged, or not at all", "[edge][raw]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    for (const ChunkedVector& vector : chunked_vectors()) {
        if (vector.state == http::ChunkedDecoder::State::more) continue;
        INFO(vector.name);
        for (std::size_t cut = 0; cut < vector.bytes.size(); ++cut) check_chunked(fixture, recorder, vector, cut);
    }
    for (const Seen& seen : recorder.seen()) CHECK(seen.head.find("smuggled") == std::string::npos);
}

TEST_CASE("a refused request line closes the connection, and nothing reaches the app", "[edge][raw]") {
    check_refused(request_line_vectors());
}

TEST_CASE("a refused field closes the connection, and nothing reaches the app", "[edge][raw]") {
    check_refused(request_field_vectors());
}

TEST_CASE("refused framing closes the connection, and nothing reaches the app", "[edge][raw]") {
    check_refused(request_framing_vectors());
}

TEST_CASE("an empty line before a request line is ignored, once", "[edge][raw]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    CHECK(client.ask("\r\nGET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    CHECK(client.ask("\r\n\r\nGET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 400);
    RawClient other = fixture.client();
    CHECK(other.ask("\nGET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 400);
}

TEST_CASE("a request byte by byte is the same request", "[edge][raw]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.content()); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    std::string bytes =
        "POST /api/v HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n";
    for (int round = 0; round < 2; ++round) {
        for (char c : bytes) client.send(std::string(1, c));
        CHECK(client.reply().body == "hello");
    }
}

TEST_CASE("an upload that the app does not read stops the client", "[edge]") {
    EdgeFixture fixture;
    std::atomic<bool> done{false};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        stream.receive_until("\r\n\r\n");
        eventually([&] { return done.load(); }, 20s);
    });
    RawClient client = fixture.client();
    client.give_patience(500ms);
    client.send("PUT /api/v HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
    std::string piece(1 << 20, 'x');
    std::size_t taken = 0;
    while (taken < 100 && client.send(piece)) ++taken;
    // The sockets' own buffers, and 64 KiB of the edge's.
    CHECK(taken < 30);
    done = true;
}

TEST_CASE("an answer that the client does not read stops the app", "[edge]") {
    EdgeFixture fixture;
    std::atomic<std::size_t> taken{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        read_request(stream);
        stream.give_patience(500ms);
        stream.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        std::string piece(1 << 20, 'x');
        while (taken < 100 && stream.send(piece)) ++taken;
    });
    RawClient client = fixture.client(4096);
    client.send("GET /api/v HTTP/1.1\r\nHost: h\r\n\r\n");
    client.receive_until("\r\n\r\n");
    std::this_thread::sleep_for(1s);
    CHECK(taken < 30);
}
