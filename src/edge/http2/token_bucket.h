// Limits what a client may do that is not a request: a burst and a rate per second.
#pragma once

#include <algorithm>

#include "net/timer_wheel.h"

namespace bodega::edge {

class TokenBucket {
public:
    TokenBucket(std::int64_t most, std::int64_t per_second, net::Moment now) noexcept
        : most_(most), per_second_(per_second), left_(most), since_(now) {}

    // Returns false if the bucket is empty.
    bool take(std::int64_t count, net::Moment now) noexcept {
        if (net::Moment passed = now - since_; passed >= kMillisecondsASecond) {
            left_ = std::max(left_, std::min(most_, left_ + passed / kMillisecondsASecond * per_second_));
            since_ = now;
        }
        left_ -= count;
        return left_ >= 0;
    }

    // Adds tokens for useful requests. The result may exceed the burst, since a client may react late to an answer.
    void earn(std::int64_t count) noexcept { left_ = std::min(kMostEarned, left_ + count); }

private:
    static constexpr std::int64_t kMostEarned = 1 << 20;
    static constexpr net::Moment kMillisecondsASecond = 1000;

    const std::int64_t most_;
    const std::int64_t per_second_;
    std::int64_t left_;
    net::Moment since_;  // when tokens were last added
};

}  // namespace bodega::edge
