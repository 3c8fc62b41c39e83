// Strict HTTP/2: the results that RFC 9113 and RFC 7541 require for malformed frames, and for valid ones.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;
using namespace bodega::test::http2;

namespace {

constexpr int kPriorityFlag = 0x20, kAnswered = -2;
constexpr int kWhole = kEndHeaders | kEndStream;

struct Case {
    std::string name;
    std::string bytes;      // after the preface and SETTINGS
    std::vector<int> ends;  // the accepted codes of a GOAWAY or RST_STREAM; kAnswered: neither is sent
    std::string later;      // sent when stream 1 has ended
};

std::string request(std::uint32_t stream, int flags = kWhole, const Http2Fields& fields = get("/livez")) {
    return frame(kHeaders, flags, stream, literals(fields));
}

std::string upload(std::uint32_t stream) { return request(stream, kEndHeaders, put("/livez")); }

std::string reset(std::uint32_t stream, int code = kCancel) {
    return frame(kReset, 0, stream, number(static_cast<std::uint32_t>(code)));
}

std::string priority(std::uint32_t depends_on) { return number(depends_on) + "\x10"; }

// Reads until one of the ends, or until the answer to a second PING, which means neither. The answer to the first PING
// may overtake earlier frames.
int end_of(Http2Client& client) {
    client.send_frame(kPing, 0, 0, "sentinel");
    for (int answers = 0;;) {
        Http2FrameIn in = client.receive_frame();
        if (in.type == -1) return client.timed_out() ? -3 : -1;
        if (in.type == kGoaway) return static_cast<int>(in.number(4));
        if (in.type == kReset && in.number() != kNoError) return static_cast<int>(in.number());
        if (in.type != kPing || !(in.flags & kAck) || in.payload != "sentinel") continue;
        if (++answers == 2) return kAnswered;
        client.send_frame(kPing, 0, 0, "sentinel");
    }
}

void check(const std::vector<Case>& cases) {
    EdgeFixture fixture;
    for (const Case& one : cases) {
        INFO(one.name);
        Http2Client client(fixture.url());
        client.send(one.bytes);
        if (!one.later.empty()) {
            REQUIRE((client.reply(1).whole || client.replies()[1].reset >= 0));
            client.send(one.later);
        }
        const int end = end_of(client);
        INFO("it ended by " << end);
        CHECK(std::find(one.ends.begin(), one.ends.end(), end) != one.ends.end());
    }
    Http2Client other(fixture.url());
    CHECK(other.ask(1, get("/livez")).status == 200);
}

}  // namespace

TEST_CASE("5.1: frames on streams that are idle, half closed or closed", "[edge][http2]") {
    check({
        {"idle: DATA", frame(kData, kEndStream, 1, "x"), {kProtocol}, ""},
        {"idle: RST_STREAM", reset(1), {kProtocol}, ""},
        {"idle: WINDOW_UPDATE", frame(kWindow, 0, 1, number(100)), {kProtocol}, ""},
        {"idle: CONTINUATION", frame(kContinuation, kEndHeaders, 1, literals(get("/livez"))), {kProtocol}, ""},
        {"idle: PRIORITY", frame(kPriority, 0, 1, priority(0)), {kAnswered}, ""},
        {"closed by both: DATA", request(1), {kStreamClosed}, frame(kData, kEndStream, 1, "x")},
        {"closed by both: HEADERS", request(1), {kStreamClosed}, request(1)},
        {"closed by both: CONTINUATION",
         request(1),
         {kStreamClosed, kProtocol},
         frame(kContinuation, kEndHeaders, 1, literals(get("/livez")))},
        {"closed by both: PRIORITY", request(1), {kAnswered}, frame(kPriority, 0, 1, priority(0))},
        {"closed by both: WINDOW_UPDATE", request(1), {kAnswered}, frame(kWindow, 0, 1, number(100))},
        {"closed by both: RST_STREAM", request(1), {kAnswered}, reset(1)},
        {"reset by the client: DATA", upload(1) + reset(1) + frame(kData, kEndStream, 1, "x"), {kStreamClosed}, ""},
        {"reset by the client: HEADERS", upload(1) + reset(1) + request(1), {kStreamClosed}, ""},
        {"reset by the client: CONTINUATION",
         upload(1) + reset(1) + frame(kContinuation, kEndHeaders, 1, literals(get("/livez"))),
         {kStreamClosed, kProtocol},
         ""},
        {"reset by the client: PRIORITY", upload(1) + reset(1) + frame(kPriority, 0, 1, priority(0)), {kAnswered}, ""},
        {"answered before the body came, which still comes", upload(1), {kAnswered}, frame(kData, kEndStream, 1, "x")},
        {"answered before the trailers came",
         upload(1),
         {kAnswered},
         frame(kHeaders, kWhole, 1, literals({{"x", "y"}}))},
    });
}

TEST_CASE("5.1: frames on a stream that the client has ended and that is not answered yet", "[edge][http2]") {
    EdgeFixture fixture;
    std::atomic<bool> stop{false};
    RawUpstream app(fixture.socket(), [&](bodega::test::Stream& stream) {
        stream.receive_until("\r\n\r\n");
        while (!stop) std::this_thread::sleep_for(2ms);
    });
    const std::string asked = request(1, kWhole, get("/api/x"));
    for (const Case& one : std::vector<Case>{
             {"DATA", asked + frame(kData, kEndStream, 1, "x"), {kStreamClosed}, ""},
             {"HEADERS", asked + request(1), {kStreamClosed}, ""},
             {"CONTINUATION", asked + frame(kContinuation, kEndHeaders, 1, ""), {kStreamClosed, kProtocol}, ""},
             {"PRIORITY", asked + frame(kPriority, 0, 1, priority(0)), {kAnswered}, ""},
             {"WINDOW_UPDATE", asked + frame(kWindow, 0, 1, number(1)), {kAnswered}, ""}}) {
        INFO(one.name);
        Http2Client client(fixture.url());
        client.send(one.bytes);
        const int end = end_of(client);
        CHECK(std::find(one.ends.begin(), one.ends.end(), end) != one.ends.end());
    }
    stop = true;
}

TEST_CASE("5.1.1: ids of streams only grow, and are odd", "[edge][http2]") {
    check({
        {"even", request(2), {kProtocol}, ""},
        {"smaller than the last", request(5) + request(3), {kProtocol}, ""},
        {"smaller than the last, when that was answered", request(1) + request(5), {kProtocol}, request(3)},
        {"the last again", request(1), {kStreamClosed}, request(1)},
        {"some are passed over", request(3) + request(9), {kAnswered}, ""},
    });
}

TEST_CASE("5.3: valid priorities are ignored", "[edge][http2]") {
    const std::string literal = literals(get("/livez"));
    check({
        {"HEADERS that depend on themselves",
         frame(kHeaders, kWhole | kPriorityFlag, 1, priority(1) + literal),
         {kProtocol},
         ""},
        {"PRIORITY that depends on itself", frame(kPriority, 0, 3, priority(3)), {kProtocol}, ""},
        {"exclusively", frame(kPriority, 0, 3, priority(0x80000003)), {kProtocol}, ""},
        {"behind padding",
         frame(kHeaders, kWhole | kPriorityFlag | kPadded, 1, std::string("\0", 1) + priority(1) + literal),
         {kProtocol},
         ""},
        {"on another", frame(kHeaders, kWhole | kPriorityFlag, 3, priority(1) + literal), {kAnswered}, ""},
        {"PRIORITY on stream 0", frame(kPriority, 0, 0, priority(1)), {kProtocol}, ""},
        {"PRIORITY of 4 bytes", frame(kPriority, 0, 1, "1234"), {kFrameSize}, ""},
        {"PRIORITY of 6 bytes", upload(1) + frame(kPriority, 0, 1, "123456"), {kFrameSize}, ""},
        {"HEADERS too short for theirs", frame(kHeaders, kWhole | kPriorityFlag, 1, "12"), {kProtocol, kFrameSize}, ""},
    });
}

TEST_CASE("4 and 6: malformed frames", "[edge][http2]") {
    const std::string literal = literals(get("/livez"));
    check({
        {"an unknown type", frame(0x16, 0, 0, "12345678"), {kAnswered}, ""},
        {"an unknown flag", frame(kPing, 0x16, 0, "12345678"), {kAnswered}, ""},
        {"a reserved bit", frame(kPing, 0, 0x80000000, "12345678"), {kAnswered}, ""},
        {"DATA that is too long", upload(1) + frame(kData, 0, 1, std::string(16385, 'x')), {kFrameSize}, ""},
        {"HEADERS that are too long", frame(kHeaders, kWhole, 1, std::string(16385, 'x')), {kFrameSize}, ""},
        {"an unknown frame within a head",
         frame(kHeaders, kEndStream, 1, literal) + frame(0x16, 0, 0, ""),
         {kProtocol},
         ""},
        {"another stream's HEADERS within a head",
         frame(kHeaders, kEndStream, 1, literal) + request(3),
         {kProtocol},
         ""},
        {"DATA on stream 0", frame(kData, kEndStream, 0, "x"), {kProtocol}, ""},
        {"HEADERS whose padding is too long", frame(kHeaders, kWhole | kPadded, 1, "\xff" + literal), {kProtocol}, ""},
        {"RST_STREAM on stream 0", reset(0), {kProtocol}, ""},
        {"RST_STREAM of 3 bytes", upload(1) + frame(kReset, 0, 1, "123"), {kFrameSize}, ""},
        {"SETTINGS with an acknowledgement and a payload",
         frame(kSettings, kAck, 0, std::string(6, '\0')),
         {kFrameSize},
         ""},
        {"ENABLE_PUSH of 2", frame(kSettings, 0, 0, setting(2, 2)), {kProtocol}, ""},
        {"a frame size over the maximum", frame(kSettings, 0, 0, setting(5, 16777216)), {kProtocol}, ""},
        {"an unknown setting", frame(kSettings, 0, 0, setting(0xff, 1)), {kAnswered}, ""},
        {"PING on a stream", frame(kPing, 0, 1, "12345678"), {kProtocol}, ""},
        {"GOAWAY on a stream", frame(kGoaway, 0, 1, number(0) + number(0)), {kProtocol}, ""},
        {"WINDOW_UPDATE of zero on a stream", upload(1) + frame(kWindow, 0, 1, number(0)), {kProtocol}, ""},
        {"WINDOW_UPDATE of 3 bytes", frame(kWindow, 0, 0, "123"), {kFrameSize}, ""},
        {"CONTINUATION on stream 0",
         frame(kHeaders, kEndStream, 1, literal) + frame(kContinuation, kEndHeaders, 0, ""),
         {kProtocol},
         ""},
        {"CONTINUATION after the head's end",
         request(1, kEndHeaders) + frame(kContinuation, kEndHeaders, 1, ""),
         {kProtocol},
         ""},
        {"heads in three frames",
         frame(kHeaders, kEndStream, 1, literal.substr(0, 3)) + frame(kContinuation, 0, 1, literal.substr(3, 4)) +
             frame(kContinuation, kEndHeaders, 1, literal.substr(7)),
         {kAnswered},
         ""},
    });
}

TEST_CASE("7541: heads that HPACK can't read", "[edge][http2]") {
    const std::string literal = literals(get("/livez"));
    check({
        {"2.3.3: an index beyond the tables", frame(kHeaders, kWhole, 1, literal + "\xff\x20"), {kCompression}, ""},
        {"4.2: a table's size at the end", frame(kHeaders, kWhole, 1, literal + "\x3f\x01"), {kCompression}, ""},
        {"5.2: Huffman's padding of more than 7 bits",
         frame(kHeaders, kWhole, 1, literal + std::string("\x00\x85\xf2\xb2\x4a\x84\xff\x84\x49\x50\x9f\xff", 12)),
         {kCompression},
         ""},
        {"5.2: Huffman's padding of zeros",
         frame(kHeaders, kWhole, 1, literal + std::string("\x00\x85\xf2\xb2\x4a\x87\xff\x83\x49\x50\x90", 11)),
         {kCompression},
         ""},
        {"6.1: index 0", frame(kHeaders, kWhole, 1, literal + "\x80"), {kCompression}, ""},
        {"6.3: a table over the limit", frame(kHeaders, kWhole, 1, "\x3f\xe2\x1f" + literal), {kCompression}, ""},
    });
}
