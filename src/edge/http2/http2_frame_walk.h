// Splits a client's bytes into frames (RFC 9113 section 4.1) before anything acts on them.
//
// nghttp2 does not report the frames that it ignores. A client could send any number of these, and some of them are
// errors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bodega::edge {

struct Http2Frame {
    enum Type : std::uint8_t {
        data = 0,
        headers = 1,
        priority = 2,
        rst_stream = 3,
        settings = 4,
        ping = 6,
        continuation = 9
    };
    static constexpr std::uint8_t kEndStream = 1;  // of data and headers
    static constexpr std::uint8_t kAck = 1;        // of settings and ping
    static constexpr std::uint8_t kEndHeaders = 4;
    static constexpr std::uint8_t kPadded = 8;
    static constexpr std::uint8_t kPriority = 0x20;  // of headers: a dependency precedes the block

    std::uint32_t length;
    std::uint8_t type;
    std::uint8_t flags;
    std::uint32_t stream;
    std::uint32_t depends_on;  // the stream that its priority names (RFC 7540 section 5.3.1); 0: none
};

class Http2FrameWalk {
public:
    static constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    // Consumes `bytes`, which continue those of the last call, up to and including the next frame's header and the
    // priority after it. Returns true if that is complete; see frame(). Returns false if all bytes were consumed.
    bool next(std::string_view& bytes) noexcept;
    const Http2Frame& frame() const noexcept { return frame_; }
    // How many bytes of frame() were consumed.
    std::size_t taken() const noexcept { return wanted_; }

    // in_head(): a request's head has begun and not ended. heads(): how many heads have begun.
    bool in_head() const noexcept { return open_block_ || (skip_ > 0 && is_block()); }
    std::uint64_t heads() const noexcept { return heads_; }

private:
    static constexpr std::size_t kHeader = 9;
    static constexpr std::size_t kMostWanted = kHeader + 5;  // the padding's length and a stream id

    void read_header() noexcept;
    void read_priority() noexcept;
    bool is_block() const noexcept {
        return frame_.type == Http2Frame::headers || frame_.type == Http2Frame::continuation;
    }

    std::uint64_t skip_ = kPreface.size();
    std::array<std::uint8_t, kMostWanted> header_{};
    std::size_t held_ = 0;  // bytes of header_
    std::size_t wanted_ = kHeader;
    Http2Frame frame_{};
    std::uint64_t heads_ = 0;
    bool open_block_ = false;  // CONTINUATION must follow
};

}  // namespace bodega::edge
