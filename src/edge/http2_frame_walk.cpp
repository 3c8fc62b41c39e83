#include "edge/http2_frame_walk.h"

#include <algorithm>

namespace bodega::edge {

bool Http2FrameWalk::take_header(std::string_view& bytes) noexcept {
    auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
    bytes.remove_prefix(skipped);
    skip_ -= skipped;
    std::size_t wanted = std::min(kHeader - held_, bytes.size());
    std::copy_n(bytes.begin(), wanted, header_.begin() + static_cast<std::ptrdiff_t>(held_));
    bytes.remove_prefix(wanted);
    held_ += wanted;
    if (held_ < kHeader) return false;
    held_ = 0;
    frame_.length = static_cast<std::uint32_t>(header_[0] << 16 | header_[1] << 8 | header_[2]);
    frame_.type = header_[3];
    frame_.flags = header_[4];
    skip_ = frame_.length;
    if (frame_.type == Http2Frame::headers) ++heads_;
    if (is_block()) open_block_ = !(frame_.flags & Http2Frame::kEndHeaders);
    return true;
}

}  // namespace bodega::edge
