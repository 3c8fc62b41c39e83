// Finds the end of a body in the chunked coding (RFC 9112 section 7.1) as its bytes come, without keeping any.
//
// It counts, and judges nothing: what is malformed ends it, and is refused by who reads the body (body_reader.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::web {

class ChunkWalk {
public:
    // `bytes` follow those of the last call. True from the body's end on, or once it can't be followed.
    bool walk(std::string_view bytes);

    std::int64_t data() const noexcept { return data_; }  // bytes of chunks that were announced so far

private:
    enum class At : std::uint8_t { size, rest_of_line, data, after_data, trailer, end };

    void advance(char c) noexcept;
    void end_line() noexcept;

    At at_ = At::size;
    std::int64_t size_ = 0;  // of the chunk that is being read
    std::int64_t left_ = 0;  // of its data
    std::int64_t data_ = 0;
    std::int64_t line_ = 0;  // bytes of the current line
    std::int64_t trailers_ = 0;
    int digits_ = 0;
};

}  // namespace bodega::web
