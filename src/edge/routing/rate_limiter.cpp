#include "edge/routing/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/random.h"
#include "edge/routing/client_key.h"

namespace bodega::edge {
namespace {

std::uint64_t odd_random() {
    std::array<std::uint8_t, 8> bytes{};
    base::fill_random(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number | 1;
}

}  // namespace

RateLimiter::RateLimiter() : secret_(odd_random()), buckets_(kPlaces) {}

// Returns the bucket of this address and scope. If it is not in the row, it replaces the bucket that is full, or that
// will be full first. An unused bucket is full.
RateLimiter::Bucket& RateLimiter::find(std::size_t row, std::uint64_t address, std::uint32_t scope) {
    auto first = buckets_.begin() + static_cast<std::ptrdiff_t>(row * kRow);
    auto last = first + static_cast<std::ptrdiff_t>(kRow);
    auto found = std::find_if(first, last, [&](const Bucket& bucket) {
        return bucket.used && bucket.address == address && bucket.scope == scope;
    });
    if (found != last) return *found;
    found = std::min_element(first, last,
                             [](const Bucket& a, const Bucket& b) { return a.tokens.full_at() < b.tokens.full_at(); });
    *found = {address, scope, true, {}};
    return *found;
}

std::int64_t RateLimiter::take(std::string_view address, std::uint32_t scope, const config::Rate& rate,
                               std::int64_t now_micros) {
    const base::TokenBucket::Rate tokens{static_cast<std::int64_t>(std::ceil(1e6 / rate.per_second)), rate.burst};
    std::uint64_t key = client_key(address);
    std::size_t row = (((key + scope) * secret_) >> 32) % kRows;
    const base::MutexLock lock(locks_[row % kLocks]);
    return find(row, key, scope).tokens.take(1, tokens, now_micros);
}

}  // namespace bodega::edge
