// A budget for frames that cost work and are not useful, such as empty frames and resets. It allows a burst, then a
// rate per second. Requests and data add to it. Belongs to a loop's thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/token_bucket.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

class FrameBudget {
public:
    constexpr FrameBudget(std::int64_t burst, std::int64_t per_second) noexcept
        : rate_{kMillisecondsASecond / per_second, burst} {}

    // Removes `count` from the budget. Uses what earn() has added first. Returns false if the budget is too small.
    bool take(std::int64_t count, net::Moment now) noexcept {
        const std::int64_t earned = std::min(earned_, count);
        earned_ -= earned;
        return count == earned || bucket_.take(count - earned, rate_, now) == 0;
    }

    // Adds to the budget for useful requests and data. The sum may exceed the burst, since a client may react late to
    // an answer.
    void earn(std::int64_t count) noexcept { earned_ = std::min(kMaxEarned, earned_ + count); }

private:
    static constexpr std::int64_t kMaxEarned = 1 << 20;
    static constexpr std::int64_t kMillisecondsASecond = 1000;

    base::TokenBucket::Rate rate_;
    base::TokenBucket bucket_;
    std::int64_t earned_ = 0;
};

}  // namespace bodega::edge
