// The frames that a client's bytes are made of (RFC 9113 section 4.1), told apart before anything acts on them.
//
// nghttp2 says nothing of the frames that it ignores, of which there could be as many as a client likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bodega::edge {

struct Http2Frame {
    enum Type : std::uint8_t { data = 0, headers = 1, rst_stream = 3, settings = 4, ping = 6, continuation = 9 };
    static constexpr std::uint8_t kEndStream = 1;  // of data and headers
    static constexpr std::uint8_t kAck = 1;        // of settings and ping
    static constexpr std::uint8_t kEndHeaders = 4;

    std::uint32_t length;
    std::uint8_t type;
    std::uint8_t flags;
};

class Http2FrameWalk {
public:
    static constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    // Goes on behind the bytes of the last call; `see` gets each frame's header that is whole now.
    template <class See>
    void walk(std::string_view bytes, See see) {
        while (!bytes.empty()) {
            if (take_header(bytes)) see(frame_);
        }
    }

    // A request's head has begun and not ended; the how many-th it is.
    bool in_head() const noexcept { return open_block_ || (skip_ > 0 && is_block()); }
    std::uint64_t heads() const noexcept { return heads_; }

private:
    static constexpr std::size_t kHeader = 9;

    // Skips what is left of the frame before, then takes bytes of a header; true: it is whole.
    bool take_header(std::string_view& bytes) noexcept;
    bool is_block() const noexcept {
        return frame_.type == Http2Frame::headers || frame_.type == Http2Frame::continuation;
    }

    std::uint64_t skip_ = kPreface.size();
    std::array<std::uint8_t, kHeader> header_{};
    std::size_t held_ = 0;  // of header_
    Http2Frame frame_{};
    std::uint64_t heads_ = 0;
    bool open_block_ = false;  // CONTINUATION has to follow
};

}  // namespace bodega::edge
