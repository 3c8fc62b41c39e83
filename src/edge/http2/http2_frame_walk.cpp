#include "edge/http2/http2_frame_walk.h"

#include <algorithm>

namespace bodega::edge {
namespace {

constexpr std::size_t kPriorityLength = 5;
constexpr std::uint32_t kStreamBits = 0x7fffffff;

std::uint32_t number(const std::uint8_t* at) noexcept {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

// Returns where in a frame's payload the stream id of its priority ends, or 0 if the frame has no complete priority.
std::size_t priority_end(const Http2Frame& frame) noexcept {
    const bool own = frame.type == Http2Frame::priority && frame.length == kPriorityLength;
    const bool in_front = frame.type == Http2Frame::headers && (frame.flags & Http2Frame::kPriority);
    if (!own && !in_front) return 0;
    const std::size_t end = in_front && (frame.flags & Http2Frame::kPadded) ? 5 : 4;
    return frame.length >= end ? end : 0;
}

}  // namespace

bool Http2FrameWalk::next(std::string_view& bytes) noexcept {
    if (held_ == 0) {
        auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
        bytes.remove_prefix(skipped);
        skip_ -= skipped;
        wanted_ = kHeader;
    }
    while (!bytes.empty()) {
        std::size_t some = std::min(wanted_ - held_, bytes.size());
        std::copy_n(bytes.begin(), some, header_.begin() + static_cast<std::ptrdiff_t>(held_));
        bytes.remove_prefix(some);
        held_ += some;
        if (held_ < wanted_) return false;
        if (held_ == kHeader) read_header();
        if (held_ < wanted_) continue;
        if (held_ > kHeader) read_priority();
        held_ = 0;
        return true;
    }
    return false;
}

void Http2FrameWalk::read_header() noexcept {
    frame_.length = number(header_.data()) >> 8;
    frame_.type = header_[3];
    frame_.flags = header_[4];
    frame_.stream = number(header_.data() + 5) & kStreamBits;
    frame_.depends_on = 0;
    wanted_ = kHeader + priority_end(frame_);
    skip_ = frame_.length - (wanted_ - kHeader);
    if (frame_.type == Http2Frame::headers) ++heads_;
    if (is_block()) open_block_ = !(frame_.flags & Http2Frame::kEndHeaders);
}

void Http2FrameWalk::read_priority() noexcept {
    frame_.depends_on = number(header_.data() + wanted_ - 4) & kStreamBits;
}

}  // namespace bodega::edge
