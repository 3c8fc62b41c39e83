#include "net/buffer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace bodega::net;

namespace {

// Writes the part of `bytes` that fits while at most `limit` bytes are held; returns its length.
std::size_t fill(Buffer& buffer, std::string_view bytes, std::size_t limit, Buffer::Room room = Buffer::Room::usual) {
    std::span<char> space = buffer.space(limit, room);
    std::size_t count = std::min(space.size(), bytes.size());
    std::copy_n(bytes.begin(), count, space.begin());
    buffer.commit(count);
    return count;
}

}  // namespace

TEST_CASE("a buffer grows up to its limit and keeps its bytes", "[net][buffer]") {
    BufferPool buffer_pool;
    Buffer buffer(buffer_pool);
    std::string bytes(100000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    std::size_t put = 0;
    while (std::size_t more = fill(buffer, std::string_view(bytes).substr(put), 64 << 10)) put += more;
    CHECK(put == 64 << 10);
    CHECK(buffer.space(64 << 10).empty());
    CHECK(buffer.view() == std::string_view(bytes).substr(0, put));
    buffer.consume(1000);
    CHECK(fill(buffer, "x", 64 << 10) == 1);
    CHECK(buffer.view().substr(0, 100) == std::string_view(bytes).substr(1000, 100));
    CHECK(buffer.view().back() == 'x');
}

TEST_CASE("an empty buffer allocates ample room at once", "[net][buffer]") {
    BufferPool buffer_pool;
    Buffer buffer(buffer_pool);
    fill(buffer, "head", 64 << 10);
    CHECK(buffer.capacity() == BufferPool::kSize);
    buffer.consume(4);
    CHECK(buffer.space(64 << 10, Buffer::Room::ample).size() == 64 << 10);
    // A limit below a block's size works, too.
    Buffer small(buffer_pool);
    CHECK(small.space(1000, Buffer::Room::ample).size() == 1000);
}

TEST_CASE("a parked buffer keeps little or no memory", "[net][buffer]") {
    BufferPool buffer_pool;
    Buffer buffer(buffer_pool);
    fill(buffer, "partial head", 64 << 10);
    buffer.park();
    CHECK(buffer.capacity() < BufferPool::kSize);
    CHECK(buffer.view() == "partial head");
    std::string rest(10000, 'r');
    std::size_t put = 0;
    while (put < rest.size()) put += fill(buffer, std::string_view(rest).substr(put), 64 << 10);
    CHECK(buffer.view() == "partial head" + rest);
    buffer.consume(buffer.size());
    buffer.park();
    CHECK(buffer.capacity() == 0);
}
