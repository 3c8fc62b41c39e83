// Limits the request rate of each address: one token bucket per address, in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "config/rate.h"

namespace bodega::edge {

// Shared by all loops; thread-safe. Limits only this node: behind a balancer, each node counts the requests that reach
// it.
//
// The table has a fixed size. A new address replaces the fullest bucket among the few in its row. A full bucket
// carries no information, so a busy address can be forgotten only when far more addresses are busy at once than the
// table has places.
class RateLimiter {
public:
    static constexpr std::size_t kPlaces = 64 << 10;  // 1.5 MiB, allocated when a limit is configured

    RateLimiter();

    // Takes a token from the bucket of this address and scope (a route, for example). An IPv6 address counts by its
    // /64. Returns 0, or in how many microseconds the next token is available.
    std::int64_t take(std::string_view address, std::uint32_t scope, const config::Rate& rate, std::int64_t now_micros);

private:
    static constexpr std::size_t kRow = 8;  // places that one address can use
    static constexpr std::size_t kRows = kPlaces / kRow;
    static constexpr std::size_t kLocks = 64;

    struct Bucket {
        std::uint64_t address = 0;
        std::uint32_t scope = 0;
        bool used = false;
        std::int64_t full_at = 0;  // microseconds on the caller's clock: when it will be full again
    };

    Bucket& find(std::size_t row, std::uint64_t address, std::uint32_t scope);

    const std::uint64_t secret_;  // odd; random, so that a client can't choose addresses that share a row
    std::array<std::mutex, kLocks> locks_;
    std::vector<Bucket> buckets_;  // the lock of a row's number protects it
};

}  // namespace bodega::edge
