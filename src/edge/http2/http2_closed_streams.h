// How the streams that closed last did so, by which frames on them are judged (RFC 9113 section 5.1).
//
// A client may still have been sending when the server reset a stream, and must have known when it reset one itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bodega::edge {

class Http2ClosedStreams {
public:
    enum class How : std::uint8_t { unknown, ended, reset_by_client, reset_by_server };

    // The first word on a stream stays.
    void note(std::int32_t stream, How how) noexcept {
        if (stream <= 0 || how_of(stream) != How::unknown) return;
        last_[count_++ % kKept] = {stream, how};
    }

    How how_of(std::int32_t stream) const noexcept {
        for (const One& one : last_)
            if (one.stream == stream) return one.how;
        return How::unknown;
    }

    // Whether an unknown stream may be one that closed long ago.
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
