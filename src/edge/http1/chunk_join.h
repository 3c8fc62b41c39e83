// Moves the data of small chunks together in the receive buffer, so that a reader gets many chunks in one call.
#pragma once

#include <cstddef>

#include "http/chunked.h"
#include "net/buffer.h"

namespace bodega::edge {

struct JoinedChunks {
    // `data` if the buffer has data bytes; otherwise the decoder's state, such as `more` or `malformed`
    http::ChunkedDecoder::State state;
    std::size_t size = 0;  // data bytes at the start of the buffer; the decoder has already counted them
};

// Joins only chunks that the buffer already holds, so that no chunk waits for the next one. Requires: the data that the
// last call returned was consumed.
JoinedChunks join_chunks(http::ChunkedDecoder& decoder, net::Buffer& buffer) noexcept;

// A chunk with at least this many data bytes is not moved.
inline constexpr std::size_t kLargeChunk = 4 << 10;

}  // namespace bodega::edge
