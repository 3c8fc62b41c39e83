// Joins the data of small chunks within the buffer that received them, so that many small chunks don't cost one step
// each.
#pragma once

#include <cstddef>

#include "http/chunked.h"
#include "net/buffer.h"

namespace bodega::edge {

struct JoinedChunks {
    http::ChunkedDecoder::State state;  // data: there is some; else the reason why not
    std::size_t size = 0;               // data bytes at the buffer's front; the decoder has already counted them
};

// Joins only what the buffer already holds: a single chunk is not delayed. Requires: the data that the last call
// joined has been consumed.
JoinedChunks join_chunks(http::ChunkedDecoder& decoder, net::Buffer& buffer) noexcept;

// A chunk with at least this much data is passed on without a move.
inline constexpr std::size_t kLargeChunk = 4 << 10;

}  // namespace bodega::edge
