// The chunked transfer coding (RFC 9112 section 7.1), parsed strictly.
//
// Extensions and trailers must be well-formed and small; they are read and dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::http {

class ChunkedDecoder {
public:
    enum class State : std::uint8_t {
        more,       // all bytes were framing; call next() again with the bytes after them
        data,       // chunk data follows the skipped framing
        end,        // the body is complete, trailers included
        malformed,  // the body is invalid; every later call returns this too
    };
    struct Step {
        State state;
        std::size_t skip = 0;  // framing bytes to drop from the front
        std::size_t data = 0;  // State::data: number of body bytes after the skipped ones
    };

    // Reads the next framing. `bytes` begins where the last step ended: after its `skip` bytes, and after the data that
    // took_data() counted.
    Step next(std::string_view bytes) noexcept;
    void took_data(std::size_t count) noexcept { left_ -= count; }  // Requires: count <= left()
    // Returns how many bytes of the current chunk's data are still to come; 0 between chunks.
    std::uint64_t left() const noexcept { return at_ == At::data ? left_ : 0; }

    // Limits in bytes on extensions and trailers, for the whole body.
    static constexpr std::size_t kMaxExtensions = 4 << 10;
    static constexpr std::size_t kMaxTrailers = 8 << 10;

private:
    enum class At : std::uint8_t {
        size_first,
        size,
        gap,  // skips white space, after which ';' must follow
        name_first,
        name,
        name_gap,  // skips white space, after which '=' or ';' must follow
        value_first,
        value,
        quoted,
        quoted_escape,
        value_end,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_first,
        trailer_name,
        trailer_value,
        trailer_lf,
        end_lf,
        end,
        malformed,
    };

    At advance(char c) noexcept;
    At read_size(char c) noexcept;
    At read_extension(char c) noexcept;
    At read_trailer(char c) noexcept;
    At after_size_line() const noexcept { return left_ == 0 ? At::trailer_first : At::data; }

    At at_ = At::size_first;
    std::uint64_t left_ = 0;  // bytes of the current chunk's data that are still to come
    int digits_ = 0;
    std::size_t extensions_ = 0;  // bytes of extensions so far
    std::size_t trailers_ = 0;
};

// Appends "size CRLF" for a chunk of `size` > 0 bytes.
void append_chunk_size(std::string& out, std::size_t size);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace bodega::http
