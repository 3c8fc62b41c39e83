// Remembers how the most recently closed streams ended, to check later frames on them (RFC 9113 section 5.1).
//
// If the server has reset a stream, the client may not know that yet, so it may still send frames. If the client has
// reset the stream, it must not send frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bodega::edge {

class Http2ClosedStreams {
public:
    enum class How : std::uint8_t { unknown, ended, reset_by_client, reset_by_server };

    // Records how a stream closed. Ignores a second call for the same stream.
    void note(std::int32_t stream, How how) noexcept {
        if (stream <= 0 || how_of(stream) != How::unknown) return;
        last_[count_++ % kKept] = {stream, how};
    }

    How how_of(std::int32_t stream) const noexcept {
        for (const One& one : last_)
            if (one.stream == stream) return one.how;
        return How::unknown;
    }

    // True if the oldest records were dropped. A stream without a record may then have closed long ago.
    bool has_forgotten() const noexcept { return count_ > kKept; }

private:
    static constexpr std::size_t kKept = 32;

    struct One {
        std::int32_t stream = 0;
        How how = How::unknown;
    };

    std::array<One, kKept> last_{};
    std::size_t count_ = 0;
};

}  // namespace bodega::edge
