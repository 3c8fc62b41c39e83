#include "edge/chunked.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace bodega::edge;

namespace {

using State = ChunkedDecoder::State;

struct Decoded {
    State state = State::more;
    std::string data;
    std::size_t used = 0;

    bool operator==(const Decoded&) const = default;
};

// Decodes `bytes` as they arrive in pieces that end at `cuts`.
Decoded decode(std::string_view bytes, std::vector<std::size_t> cuts) {
    ChunkedDecoder decoder;
    Decoded out;
    cuts.push_back(bytes.size());
    for (std::size_t cut : cuts) {
        for (;;) {
            std::string_view here = bytes.substr(out.used, cut - out.used);
            ChunkedDecoder::Step step = decoder.next(here);
            out.state = step.state;
            out.used += step.skip;
            if (step.state != State::data) break;
            out.data.append(here.substr(step.skip, step.data));
            decoder.took_data(step.data);
            out.used += step.data;
        }
        if (out.state == State::end || out.state == State::malformed) break;
    }
    return out;
}

struct Row {
    std::string_view name;
    std::string_view bytes;
    State state;
    std::string_view data;
};

using namespace std::string_view_literals;

constexpr Row kRows[] = {
    {"9112 7.1: two chunks", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", State::end, "hello!"},
    {"9112 7.1: empty body", "0\r\n\r\n", State::end, ""},
    {"9112 7.1: hexadecimal of either case", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", State::end,
     "01234567890123456789a"},
    {"9112 7.1: leading zeros", "0005\r\nhello\r\n000\r\n\r\n", State::end, "hello"},
    {"9112 7.1: data that looks like framing", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", State::end, "\r\n0\r\n\r\n"},
    {"9112 7.1.1: an extension", "5;a=b\r\nhello\r\n0\r\n\r\n", State::end, "hello"},
    {"9112 7.1.1: an extension without a value", "5;a\r\nhello\r\n0;b\r\n\r\n", State::end, "hello"},
    {"9112 7.1.1: a quoted value", "5;a=\"x;\\\"y\"\r\nhello\r\n0\r\n\r\n", State::end, "hello"},
    {"9112 7.1.1: bad white space", "5 ; a = b ; c\r\nhello\r\n0\r\n\r\n", State::end, "hello"},
    {"9112 7.1.2: trailers", "0\r\nX: y\r\nZ:\r\n\r\n", State::end, ""},
    {"9112 7.1: not there yet", "5\r\nhel", State::more, "hel"},
    {"9112 7.1: the last CRLF is missing", "5\r\nhello\r\n0\r\n", State::more, "hello"},

    {"9112 7.1: no size", "\r\nhello", State::malformed, ""},
    {"9112 7.1: not hexadecimal", "g\r\n", State::malformed, ""},
    {"9112 7.1: 0x", "0x5\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: plus sign", "+5\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: minus sign", "-5\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: leading space", " 5\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: trailing space", "5 \r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: underscore", "1_0\r\n", State::malformed, ""},
    {"9112 7.1: more digits than fit", "10000000000000005\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1: bare LF after the size", "5\nhello\r\n", State::malformed, ""},
    {"9112 7.1: bare CR after the size", "5\rhello\r\n", State::malformed, ""},
    {"9112 7.1: data longer than the size", "5\r\nhelloX\r\n", State::malformed, "hello"},
    {"9112 7.1: bare LF after the data", "5\r\nhello\n0\r\n\r\n", State::malformed, "hello"},
    {"9112 7.1: bare CR after the data", "5\r\nhello\r0\r\n\r\n", State::malformed, "hello"},
    {"9112 7.1: nothing after the data", "5\r\nhello0\r\n\r\n", State::malformed, "hello"},
    {"9112 7.1.1: an extension ends in bare LF", "5;a\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: bare CR in an extension", "5;a\rb\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: LF in a quoted value", "5;a=\"\n\"\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: CRLF in a quoted value", "5;a=\"\r\n\"\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: NUL in an extension", "5;\0\r\nhello\r\n"sv, State::malformed, ""},
    {"9112 7.1.1: no name", "5;\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: no value", "5;a=\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: white space before CRLF", "5;a \r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: no semicolon", "5 a\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.1: text after a quoted value", "5;a=\"b\"c\r\nhello\r\n", State::malformed, ""},
    {"9112 7.1.2: a trailer without a colon", "0\r\nX\r\n\r\n", State::malformed, ""},
    {"9112 7.1.2: a folded trailer", "0\r\nX: a\r\n b\r\n\r\n", State::malformed, ""},
    {"9112 7.1.2: a trailer ends in bare LF", "0\r\nX: a\n\r\n", State::malformed, ""},
    {"9112 7.1.2: the end is bare LF", "0\r\n\n", State::malformed, ""},
    {"9112 7.1.2: the end is bare CR", "0\r\n\rX", State::malformed, ""},
    {"9112 7.1.2: white space before a trailer's colon", "0\r\nX : a\r\n\r\n", State::malformed, ""},
};

}  // namespace

TEST_CASE("chunked bodies, each cut at every byte", "[edge][http1]") {
    for (const Row& row : kRows) {
        INFO(row.name);
        Decoded whole = decode(row.bytes, {});
        CHECK(whole.state == row.state);
        CHECK(whole.data == row.data);
        for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) REQUIRE(decode(row.bytes, {cut}) == whole);
    }
}

TEST_CASE("a chunked body byte by byte", "[edge][http1]") {
    for (const Row& row : kRows) {
        INFO(row.name);
        std::vector<std::size_t> cuts;
        for (std::size_t i = 0; i < row.bytes.size(); ++i) cuts.push_back(i);
        REQUIRE(decode(row.bytes, cuts) == decode(row.bytes, {}));
    }
}

TEST_CASE("what follows a chunked body is left alone", "[edge][http1]") {
    constexpr std::string_view kBytes = "1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1";
    Decoded out = decode(kBytes, {});
    CHECK(out.state == State::end);
    CHECK(kBytes.substr(out.used) == "GET / HTTP/1.1");
}

TEST_CASE("extensions and trailers are bounded over the whole body", "[edge][http1]") {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "1;a\r\nx\r\n";
    CHECK(decode(many, {}).state == State::malformed);
    std::string trailer = "0\r\nX: " + std::string(ChunkedDecoder::kMaxTrailers, 'x') + "\r\n\r\n";
    CHECK(decode(trailer, {}).state == State::malformed);
}

TEST_CASE("a chunk's size is written in hexadecimal", "[edge][http1]") {
    std::string out;
    append_chunk_size(out, 0x1a2b);
    CHECK(out == "1a2b\r\n");
}
