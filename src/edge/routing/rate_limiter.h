// How often each address may ask: a token bucket for each, in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "config/rate.h"

namespace bodega::edge {

// Shared by all loops; thread-safe. This node's own: behind a balancer, each node counts what reaches it.
//
// The table has a fixed size. A new address takes the place of the one whose bucket is fullest among the few that
// share its row; a full bucket says no more than none, so only far more busy addresses at once than there are places
// could make it forget one.
class RateLimiter {
public:
    static constexpr std::size_t kPlaces = 64 << 10;  // 1.5 MiB, once a limit is asked for

    RateLimiter();

    // One bucket an address and scope (a route, say). An IPv6 address counts by its /64. Takes a token: 0, or none is
    // there for so many microseconds.
    std::int64_t take(std::string_view address, std::uint32_t scope, const config::Rate& rate, std::int64_t now_micros);

private:
    static constexpr std::size_t kRow = 8;  // places that one address may have
    static constexpr std::size_t kRows = kPlaces / kRow;
    static constexpr std::size_t kLocks = 64;

    struct Bucket {
        std::uint64_t address = 0;
        std::uint32_t scope = 0;
        bool used = false;
        std::int64_t full_at = 0;  // microseconds on the caller's clock: when it will be full again
    };

    Bucket& find(std::size_t row, std::uint64_t address, std::uint32_t scope);

    const std::uint64_t secret_;  // odd: nobody outside can choose addresses that share a row
    std::array<std::mutex, kLocks> locks_;
    std::vector<Bucket> buckets_;  // a row is protected by the lock of its number
};

}  // namespace bodega::edge
