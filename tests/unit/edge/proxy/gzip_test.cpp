#include "edge/proxy/gzip.h"

#include <catch2/catch_test_macros.hpp>

#include "support/edge_sockets.h"
#include "support/gunzip.h"

namespace bodega::edge {

TEST_CASE("text compressed in pieces decompresses to the same", "[edge]") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "entry " + std::to_string(i * i) + ", ";
    text += test::random_bytes(100'000, 7);
    for (std::size_t piece : {1UL, 100UL, 5000UL, Gzip::kPiece}) {
        net::BufferPool buffer_pool;
        Gzip gzip(buffer_pool);
        std::string packed;
        std::string_view rest = std::string_view(text).substr(0, piece == 1 ? 3000 : text.size());
        std::string whole(rest);
        for (int i = 0; !rest.empty(); ++i) {
            gzip.add(rest.substr(0, piece));
            if (i % 3 == 0) CHECK(gzip.flush());
            rest.remove_prefix(std::min(piece, rest.size()));
            packed += gzip.output();
            gzip.take(gzip.output().size());
        }
        gzip.finish();
        packed += gzip.output();
        CHECK(test::gunzip(packed) == whole);
    }
}

TEST_CASE("flushed text can be decompressed at once", "[edge]") {
    net::BufferPool buffer_pool;
    Gzip gzip(buffer_pool);
    CHECK_FALSE(gzip.flush());
    gzip.add("hello");
    CHECK(gzip.flush());
    CHECK_FALSE(gzip.flush());
    std::string packed(gzip.output());
    CHECK(test::gunzip(packed) == "hello");
    gzip.take(3);
    CHECK(gzip.output() == std::string_view(packed).substr(3));
}

TEST_CASE("the compressor's memory is counted while it exists", "[edge]") {
    net::BufferPool buffer_pool;
    {
        Gzip gzip(buffer_pool);
        CHECK(buffer_pool.held() > 64 << 10);
        buffer_pool.set_budget(1 << 10);
        CHECK(buffer_pool.full());
    }
    CHECK(buffer_pool.held() == 0);
}

}  // namespace bodega::edge
