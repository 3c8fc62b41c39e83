#include "db/backoff.h"

#include <algorithm>
#include <thread>

#include "base/random.h"

namespace bodega::db {
namespace {

using std::chrono::milliseconds;

constexpr int kTries = 12;
// Pauses are short after a deadlock (kFirstAgain), whose other transaction ends within milliseconds. They are longer
// after a lost connection (kFirstLost), because a restart or a failover takes seconds.
constexpr milliseconds kFirstAgain{2}, kMaxAgain{200};
constexpr milliseconds kFirstLost{25}, kMaxLost{1000};

}  // namespace

bool Backoff::again(Failure::Kind kind, base::Steady::time_point give_up_at) {
    if ((kind != Failure::Kind::again && kind != Failure::Kind::lost) || ++tries_ >= kTries) return false;
    const bool lost = kind == Failure::Kind::lost;
    const milliseconds max = std::min((lost ? kFirstLost : kFirstAgain) * (1 << tries_), lost ? kMaxLost : kMaxAgain);
    const milliseconds pause(base::random_below(static_cast<std::uint64_t>(max.count())) + 1);
    if (base::Steady::now() + pause > give_up_at) return false;
    std::this_thread::sleep_for(pause);
    return true;
}

}  // namespace bodega::db
