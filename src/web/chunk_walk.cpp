#include "web/chunk_walk.h"

#include <algorithm>

namespace bodega::web {
namespace {

constexpr int kMaxDigits = 12;
constexpr std::int64_t kMaxLine = 1024;          // as long as a line of framing may be, and more than is read
constexpr std::int64_t kMaxTrailers = 16 << 10;  // bytes

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

bool ChunkWalk::walk(std::string_view bytes) {
    while (!bytes.empty() && at_ != At::end) {
        if (at_ != At::data) {
            advance(bytes.front());
            bytes.remove_prefix(1);
            continue;
        }
        auto count = std::min<std::int64_t>(left_, static_cast<std::int64_t>(bytes.size()));
        bytes.remove_prefix(static_cast<std::size_t>(count));
        left_ -= count;
        if (left_ == 0) at_ = At::after_data;
    }
    return at_ == At::end;
}

void ChunkWalk::advance(char c) noexcept {
    if (++line_ > kMaxLine) at_ = At::end;
    if (at_ == At::trailer && ++trailers_ > kMaxTrailers) at_ = At::end;
    if (at_ == At::size) {
        int digit = hex_digit(c);
        if (digit >= 0) {
            size_ = size_ * 16 + digit;
            if (++digits_ > kMaxDigits) at_ = At::end;
            return;
        }
        at_ = digits_ > 0 ? At::rest_of_line : At::end;
    }
    if (c == '\n' && at_ != At::end) end_line();
}

void ChunkWalk::end_line() noexcept {
    std::int64_t length = line_;
    line_ = 0;
    if (at_ == At::trailer) {
        if (length <= 2) at_ = At::end;
    } else if (at_ == At::after_data) {
        at_ = length <= 2 ? At::size : At::end;
        size_ = digits_ = 0;
    } else {
        data_ += size_;
        left_ = size_;
        at_ = size_ > 0 ? At::data : At::trailer;
    }
}

}  // namespace bodega::web
