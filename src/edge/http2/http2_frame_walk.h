// Splits a client's bytes into frames (RFC 9113 section 4.1) before nghttp2 processes them, so that every frame can be
// counted and checked.
//
// nghttp2 does not report the frames that it ignores. A client could send any number of them, and some of them are
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
    static constexpr std::uint8_t kEndStream = 1;  // a flag of DATA and HEADERS
    static constexpr std::uint8_t kAck = 1;        // a flag of SETTINGS and PING
    static constexpr std::uint8_t kEndHeaders = 4;
    static constexpr std::uint8_t kPadded = 8;
    static constexpr std::uint8_t kPriority = 0x20;  // a flag of HEADERS: a dependency precedes the header block

    std::uint32_t length;
    std::uint8_t type;
    std::uint8_t flags;
    std::uint32_t stream;
    std::uint32_t depends_on;  // the stream that the frame's priority names (RFC 7540 section 5.3.1), or 0
};

class Http2FrameWalk {
public:
    static constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    // Consumes bytes until the next frame's header is complete, with the priority that may follow it. Returns true if
    // frame() is complete, or false if it needs more bytes. The next call must continue where `bytes` ended.
    bool next(std::string_view& bytes) noexcept;
    const Http2Frame& frame() const noexcept { return frame_; }
    // The number of consumed bytes that belong to frame().
    std::size_t taken() const noexcept { return wanted_; }

    // in_head(): true if a request's head has begun and not ended. heads(): the number of heads that have begun.
    bool in_head() const noexcept { return open_block_ || (skip_ > 0 && is_block()); }
    std::uint64_t heads() const noexcept { return heads_; }

private:
    static constexpr std::size_t kHeader = 9;
    // The most bytes of header_: the frame header, one byte of padding length, and four bytes of a stream id.
    static constexpr std::size_t kMaxWanted = kHeader + 5;

    void read_header() noexcept;
    void read_priority() noexcept;
    bool is_block() const noexcept {
        return frame_.type == Http2Frame::headers || frame_.type == Http2Frame::continuation;
    }

    std::uint64_t skip_ = kPreface.size();
    std::array<std::uint8_t, kMaxWanted> header_{};
    std::size_t held_ = 0;  // number of bytes in header_
    std::size_t wanted_ = kHeader;
    Http2Frame frame_{};
    std::uint64_t heads_ = 0;
    bool open_block_ = false;  // true if a CONTINUATION frame has to follow
};

}  // namespace bodega::edge
