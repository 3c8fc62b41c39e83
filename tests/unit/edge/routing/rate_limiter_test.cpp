// Token buckets by address.
#include "edge/routing/rate_limiter.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using bodega::config::Rate;
using bodega::edge::RateLimiter;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

int taken(RateLimiter& limiter, const std::string& address, const Rate& rate, std::int64_t now, int tries = 100) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += limiter.take(address, 0, rate, now) == 0 ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a burst passes, then as many requests as the rate allows") {
    RateLimiter limiter;
    Rate rate{10, 20};
    std::int64_t now = 1000 * kSecond;
    CHECK(taken(limiter, "192.0.2.1", rate, now) == 20);
    CHECK(limiter.take("192.0.2.1", 0, rate, now) == kSecond / 10);
    CHECK(taken(limiter, "192.0.2.1", rate, now + kSecond) == 10);
    CHECK(taken(limiter, "192.0.2.1", rate, now + 60 * kSecond) == 20);
}

TEST_CASE("each address (IPv6: /64) and each scope has its own bucket") {
    RateLimiter limiter;
    Rate once{1, 1};
    CHECK(limiter.take("192.0.2.1", 0, once, 1) == 0);
    CHECK(limiter.take("192.0.2.1", 0, once, 1) > 0);
    CHECK(limiter.take("192.0.2.2", 0, once, 1) == 0);
    CHECK(limiter.take("192.0.2.1", 7, once, 1) == 0);
    CHECK(limiter.take("2001:db8::1", 0, once, 1) == 0);
    CHECK(limiter.take("2001:db8::ffff:1", 0, once, 1) > 0);
    CHECK(limiter.take("2001:db8:0:1::1", 0, once, 1) == 0);
}

TEST_CASE("more addresses than slots need no more memory, and an address over its limit stays limited") {
    RateLimiter limiter;
    Rate slow{1, 5};
    CHECK(taken(limiter, "192.0.2.1", slow, kSecond) == 5);
    for (int i = 0; i < 300'000; ++i) {
        std::string other =
            "10." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) + "." + std::to_string(i & 255);
        limiter.take(other, 0, slow, kSecond);
    }
    // Each other address has used less than the busiest one, which therefore kept its slot.
    CHECK(limiter.take("192.0.2.1", 0, slow, kSecond) > 0);
}
