// Waits between retries of an operation that failed for a temporary reason: exponential with full jitter, bounded in
// number and in total time. Used by one retry loop in one thread.
#pragma once

#include "base/clock.h"
#include "db/failure.h"

namespace bodega::db {

class Backoff {
public:
    // Sleeps and returns true if the caller should try again. Returns false at once if retries don't help for this kind
    // of failure, if there were too many, or if the next retry would be later than `give_up_at`.
    bool again(Failure::Kind kind, base::Steady::time_point give_up_at);

private:
    int tries_ = 0;
};

}  // namespace bodega::db
