#include "base/token_bucket.h"

#include <catch2/catch_test_macros.hpp>

using bodega::base::TokenBucket;

namespace {

constexpr TokenBucket::Rate kRate{.interval = 10, .burst = 3};

}  // namespace

TEST_CASE("a burst of tokens can be taken at once, then one after each interval", "[base]") {
    TokenBucket bucket;
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(1, kRate, 1000) == 0);
    CHECK(bucket.take(1, kRate, 1000) == 10);
    CHECK(bucket.take(1, kRate, 1009) == 1);
    CHECK(bucket.take(1, kRate, 1010) == 0);
    CHECK(bucket.take(1, kRate, 1010) == 10);
}

TEST_CASE("a bucket that was left alone holds no more than a burst", "[base]") {
    TokenBucket bucket;
    CHECK(bucket.take(3, kRate, 1000) == 0);
    CHECK(bucket.take(3, kRate, 1'000'000) == 0);
    CHECK(bucket.take(1, kRate, 1'000'000) == 10);
}

TEST_CASE("several tokens are taken together or not at all", "[base]") {
    TokenBucket bucket;
    CHECK(bucket.take(2, kRate, 1000) == 0);
    CHECK(bucket.take(2, kRate, 1000) == 10);
    CHECK(bucket.take(1, kRate, 1000) == 0);
}
