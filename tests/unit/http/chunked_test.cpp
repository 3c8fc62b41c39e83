#include "http/chunked.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "support/edge_vectors.h"

using namespace bodega::http;
using namespace bodega::test;

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

}  // namespace

TEST_CASE("chunked bodies, each split at every byte", "[http][http1]") {
    for (const ChunkedVector& row : chunked_vectors()) {
        INFO(row.name);
        Decoded whole = decode(row.bytes, {});
        CHECK(whole.state == row.state);
        CHECK(whole.data == row.data);
        for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) REQUIRE(decode(row.bytes, {cut}) == whole);
    }
}

TEST_CASE("a chunked body byte by byte", "[http][http1]") {
    for (const ChunkedVector& row : chunked_vectors()) {
        INFO(row.name);
        std::vector<std::size_t> cuts;
        for (std::size_t i = 0; i < row.bytes.size(); ++i) cuts.push_back(i);
        REQUIRE(decode(row.bytes, cuts) == decode(row.bytes, {}));
    }
}

TEST_CASE("bytes after a chunked body are not read", "[http][http1]") {
    constexpr std::string_view kBytes = "1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1";
    Decoded out = decode(kBytes, {});
    CHECK(out.state == State::end);
    CHECK(kBytes.substr(out.used) == "GET / HTTP/1.1");
}

TEST_CASE("extensions and trailers are limited over the whole body", "[http][http1]") {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "1;a\r\nx\r\n";
    CHECK(decode(many, {}).state == State::malformed);
    std::string trailer = "0\r\nX: " + std::string(ChunkedDecoder::kMaxTrailers, 'x') + "\r\n\r\n";
    CHECK(decode(trailer, {}).state == State::malformed);
}

TEST_CASE("a chunk's size is written in hexadecimal", "[http][http1]") {
    std::string out;
    append_chunk_size(out, 0x1a2b);
    CHECK(out == "1a2b\r\n");
}
