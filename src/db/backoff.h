// The waits between tries of what failed for a passing reason: exponential with full jitter, bounded in
// number and in time. One try loop, one thread.
#pragma once

#include "base/clock.h"
#include "db/failure.h"

namespace bodega::db {

class Backoff {
public:
    // Sleeps, then true: try again. False at once if this kind of failure is not worth another try, if
    // there have been too many, or if it would be later than `give_up_at`.
    bool again(Failure::Kind kind, base::Steady::time_point give_up_at);

private:
    int tries_ = 0;
};

}  // namespace bodega::db
