// A token bucket: holds up to `burst` tokens and gains one after each `interval`; each event takes some.
//
// Its only state is the moment at which it will be full: each missing token delays this moment by one interval (the
// virtual scheduling form of the generic cell rate algorithm, ITU-T I.371 annex A). Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>

namespace bodega::base {

class TokenBucket {
public:
    // Times are in the unit of the caller's clock, which has to be monotonic.
    struct Rate {
        std::int64_t interval = 0;  // time in which the bucket gains one token
        std::int64_t burst = 1;
    };

    // Takes `count` tokens and returns 0. If there are too few, takes none and returns the time until there are enough.
    // Requires: `count` is at most rate.burst.
    constexpr std::int64_t take(std::int64_t count, const Rate& rate, std::int64_t now) noexcept {
        const std::int64_t full_at = std::max(full_at_, now) + count * rate.interval;
        const std::int64_t wait = full_at - now - rate.burst * rate.interval;
        if (wait > 0) return wait;
        full_at_ = full_at;
        return 0;
    }

    constexpr std::int64_t full_at() const noexcept { return full_at_; }

private:
    std::int64_t full_at_ = 0;  // in the past, so a new bucket is full
};

}  // namespace bodega::base
