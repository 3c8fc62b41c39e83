#include "edge/routing/rate_limit.h"

#include <algorithm>
#include <chrono>

#include "base/clock.h"
#include "edge/exchange/answer.h"
#include "edge/routing/rate_limiter.h"

namespace bodega::edge {

bool within_rate(LoopContext& context, Exchange& x, std::uint32_t scope, const config::Rate& rate) {
    using std::chrono::duration_cast;
    if (!context.limiter) return true;
    auto now = duration_cast<std::chrono::microseconds>(base::Steady::now().time_since_epoch()).count();
    std::int64_t wait = context.limiter->take(x.address(), scope, rate, now);
    if (wait == 0) return true;
    context.counters.rate_limited.add();
    constexpr std::int64_t kSecond = 1'000'000;
    auto seconds = static_cast<int>(std::clamp<std::int64_t>((wait + kSecond - 1) / kSecond, 1, 3600));
    answer_error(x, 429, "Too many requests came from this address. Try again in a moment.", seconds);
    return false;
}

}  // namespace bodega::edge
