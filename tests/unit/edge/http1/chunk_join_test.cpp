#include "edge/http1/chunk_join.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/edge_vectors.h"

using namespace bodega;
using namespace bodega::edge;
using namespace bodega::test;

namespace {

using State = http::ChunkedDecoder::State;

void fill(net::Buffer& buffer, std::string_view bytes) {
    std::span<char> space = buffer.space(buffer.size() + bytes.size(), net::Buffer::Room::ample);
    REQUIRE(space.size() >= bytes.size());
    std::copy(bytes.begin(), bytes.end(), space.begin());
    buffer.commit(bytes.size());
}

struct Joined {
    State state = State::more;
    std::string data;
    int pieces = 0;
};

// Feeds `step` bytes at a time.
Joined join(std::string_view bytes, std::size_t step) {
    net::BufferPool buffer_pool;
    net::Buffer buffer(buffer_pool);
    http::ChunkedDecoder decoder;
    Joined out;
    while (!bytes.empty() && out.state != State::end && out.state != State::malformed) {
        fill(buffer, bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        do {
            JoinedChunks joined = join_chunks(decoder, buffer);
            out.state = joined.state;
            if (joined.state != State::data) break;
            ++out.pieces;
            out.data += buffer.view().substr(0, joined.size);
            buffer.consume(joined.size);
        } while (true);
    }
    return out;
}

std::string chunk(std::size_t size, char c) {
    std::string out;
    http::append_chunk_size(out, size);
    return out.append(size, c).append("\r\n");
}

}  // namespace

TEST_CASE("joined chunks have the bytes that arrived, however they were split", "[edge][http1]") {
    for (const ChunkedVector& row : chunked_vectors()) {
        INFO(row.name);
        for (std::size_t step = 1; step <= row.bytes.size(); ++step) {
            Joined joined = join(row.bytes, step);
            CHECK(joined.state == row.state);
            CHECK(joined.data == row.data);
        }
    }
}

TEST_CASE("small chunks that arrive together are joined, large ones are not copied", "[edge][http1]") {
    std::string small, mixed, mixed_data;
    for (int i = 0; i < 1000; ++i) small += chunk(1, 'a');
    small += http::kLastChunk;
    Joined joined = join(small, small.size());
    CHECK(joined.pieces == 1);
    CHECK(joined.data == std::string(1000, 'a'));
    CHECK(joined.state == State::end);
    for (std::size_t size : std::vector<std::size_t>{1, 5000, 2, 3, 9000, 4096, 4095, 7}) {
        mixed += chunk(size, static_cast<char>('a' + size % 26));
        mixed_data.append(size, static_cast<char>('a' + size % 26));
    }
    mixed += http::kLastChunk;
    for (std::size_t step : {std::size_t{1}, std::size_t{100}, std::size_t{4097}, mixed.size()}) {
        joined = join(mixed, step);
        CHECK(joined.data == mixed_data);
        CHECK(joined.state == State::end);
    }
    CHECK(joined.pieces <= 6);
}

TEST_CASE("a chunk that arrives alone is passed on at once", "[edge][http1]") {
    net::BufferPool buffer_pool;
    net::Buffer buffer(buffer_pool);
    http::ChunkedDecoder decoder;
    for (int i = 0; i < 3; ++i) {
        fill(buffer, "1\r\nx");
        JoinedChunks joined = join_chunks(decoder, buffer);
        CHECK(joined.size == 1);
        CHECK(buffer.view() == "x");
        buffer.consume(1);
        fill(buffer, "\r\n");
        CHECK(join_chunks(decoder, buffer).state == State::more);
        CHECK(buffer.empty());
    }
}
