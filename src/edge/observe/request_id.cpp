#include "edge/observe/request_id.h"

#include <algorithm>

#include "base/clock.h"
#include "base/random.h"
#include "base/ulid.h"

namespace bodega::edge {

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
