#include "edge/http1/chunk_join.h"

#include <cstring>
#include <span>

namespace bodega::edge {

JoinedChunks join_chunks(http::ChunkedDecoder& decoder, net::Buffer& buffer) noexcept {
    std::span<char> held = buffer.held();
    // Offsets in the buffer. The decoder has read up to `read`. The joined data is from `begin` to `end`.
    std::size_t read = 0, begin = 0, end = 0;
    http::ChunkedDecoder::Step step{http::ChunkedDecoder::State::more};
    for (;;) {
        step = decoder.next({held.data() + read, held.size() - read});
        if (step.state != http::ChunkedDecoder::State::data) break;
        if (end > begin && step.data >= kLargeChunk) {
            read += step.skip;
            step.skip = 0;
            break;
        }
        read += step.skip;
        if (end == begin) begin = end = read;
        std::memmove(held.data() + end, held.data() + read, step.data);
        read += step.data;
        end += step.data;
        decoder.took_data(step.data);
        if (step.data >= kLargeChunk) {
            step.skip = 0;
            break;
        }
    }
    read += step.skip;
    const std::size_t size = end - begin;
    if (read > end) std::memmove(held.data() + read - size, held.data() + begin, size);
    buffer.consume(read - size);
    return {size > 0 ? http::ChunkedDecoder::State::data : step.state, size};
}

}  // namespace bodega::edge
