// Brings the data of small chunks together in the buffer that they came in, so that each of many costs no step of its
// own on its way further.
#pragma once

#include <cstddef>

#include "net/buffer.h"
#include "http/chunked.h"

namespace bodega::edge {

struct JoinedChunks {
    http::ChunkedDecoder::State state;  // data: there is some; else what came in its place
    std::size_t size = 0;               // bytes of data at the buffer's front, of which the decoder was told already
};

// What is in the buffer, and no more: a chunk that came alone is not held back. Requires: nothing of what the last call
// joined is left in the buffer.
JoinedChunks join_chunks(http::ChunkedDecoder& decoder, Buffer& buffer) noexcept;

// A chunk with this much data is passed on where it lies.
inline constexpr std::size_t kLargeChunk = 4 << 10;

}  // namespace bodega::edge
