// What a client may do without an answer coming of it: so much at once, and so much a second.
#pragma once

#include <algorithm>

#include "net/timer_wheel.h"

namespace bodega::edge {

class Allowance {
public:
    Allowance(std::int64_t most, std::int64_t per_second, Moment now) noexcept
        : most_(most), per_second_(per_second), left_(most), since_(now) {}

    // False: it is used up.
    bool take(std::int64_t count, Moment now) noexcept {
        if (Moment passed = now - since_; passed >= kMillisecondsASecond) {
            left_ = std::max(left_, std::min(most_, left_ + passed / kMillisecondsASecond * per_second_));
            since_ = now;
        }
        left_ -= count;
        return left_ >= 0;
    }

    // By what it asked for. Not cut down to what time gives: a client may be slow to react to what it was sent.
    void earn(std::int64_t count) noexcept { left_ = std::min(kMostEarned, left_ + count); }

private:
    static constexpr std::int64_t kMostEarned = 1 << 20;
    static constexpr Moment kMillisecondsASecond = 1000;

    const std::int64_t most_;
    const std::int64_t per_second_;
    std::int64_t left_;
    Moment since_;  // when the last seconds were counted
};

}  // namespace bodega::edge
