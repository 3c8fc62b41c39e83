// Limits the request rate of each address, in a limited amount of memory. Each address has a token bucket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/token_bucket.h"
#include "config/rate.h"

namespace bodega::edge {

// All loops share it. Thread-safe. It limits only this node: behind a load balancer, each node counts only the requests
// that it gets.
//
// The table has a fixed size. A new address replaces the fullest bucket in its row; a full bucket contains no
// information. So a busy address can be forgotten only if far more addresses than kPlaces are busy at once.
class RateLimiter {
public:
    // Number of buckets. They need 1.5 MiB, which is allocated when a limit is configured.
    static constexpr std::size_t kPlaces = 64 << 10;

    RateLimiter();

    // Takes a token from the bucket of `address` and `scope`. All IPv6 addresses of a /64 share a bucket. Returns 0, or
    // the microseconds until the next token is available.
    std::int64_t take(std::string_view address, std::uint32_t scope, const config::Rate& rate, std::int64_t now_micros);

private:
    static constexpr std::size_t kRow = 8;  // buckets in a row; an address can use any bucket of its row
    static constexpr std::size_t kRows = kPlaces / kRow;
    static constexpr std::size_t kLocks = 64;

    struct Bucket {
        std::uint64_t address = 0;
        std::uint32_t scope = 0;
        bool used = false;
        base::TokenBucket tokens{};  // its times are in microseconds of the caller's clock
    };

    // Requires: the lock of `row` is held.
    Bucket& find(std::size_t row, std::uint64_t address, std::uint32_t scope);

    const std::uint64_t secret_;  // odd and random, so that a client can't find addresses that share a row
    std::array<base::Mutex, kLocks> locks_;
    std::vector<Bucket> buckets_;  // each row is protected by locks_[row % kLocks]
};

}  // namespace bodega::edge
