#include "edge/observe/request_id.h"

#include <algorithm>

#include "base/clock.h"
#include "base/random.h"
#include "base/ulid.h"

namespace bodega::edge {

bool is_request_id(std::string_view text) noexcept {
    constexpr std::size_t kMost = 64;
    auto fits = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; };
    return !text.empty() && text.size() <= kMost && std::all_of(text.begin(), text.end(), fits);
}

void RequestIds::next(std::string& out) {
    if (used_ == pool_.size()) {
        base::fill_random(pool_);
        used_ = 0;
    }
    base::Ulid id;
    auto when = static_cast<std::uint64_t>(base::now_ms());
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(when >> (40 - 8 * i));
    std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), kRandom, id.bytes.begin() + 6);
    used_ += kRandom;
    out = id.text();
}

}  // namespace bodega::edge
