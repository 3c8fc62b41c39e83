// Batches concurrent lookups of callers and their entries into one query.
//
// At most four statements for each kind of secret run at a time. A lookup that arrives while four statements are
// running waits until one of them ends. It then shares the next statement with the other waiting lookups. Under load
// the database executes one statement instead of up to sixteen. Without load no lookup waits. The statement that serves
// a lookup always begins after the lookup was called, so its answer is never stale. Thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "db/pool.h"
#include "store/auth/callers.h"

namespace bodega::app {

class CallerLookup {
public:
    explicit CallerLookup(db::Pool& catalog) : catalog_(catalog) {}

    // Returns the same as store::Callers::find_at. Throws what the catalog's read throws.
    std::optional<store::CallerAt> find_at(store::SecretKind kind, const store::CallerAsked& asked);

private:
    struct Waiting {
        explicit Waiting(const store::CallerAsked& a) : asked(a) {}

        const store::CallerAsked& asked;
        base::Condition wakeup;
        // The items that this thread looks up, beginning with its own. Empty if another thread looks up this thread's
        // item.
        std::vector<Waiting*> batch;
        bool done = false;
        std::optional<store::CallerAt> found;
        std::exception_ptr failure;
    };
    struct Queue {
        std::deque<Waiting*> waiting;  // waiting lookups; empty if fewer than kMaxInFlight statements are in flight
        // The number of running statements, including those that a woken thread is about to run.
        int in_flight = 0;
    };

    void look_up(store::SecretKind kind, const std::vector<Waiting*>& batch) EXCLUDES(mutex_);
    void wake_next(Queue& queue) REQUIRES(mutex_);

    db::Pool& catalog_;
    base::Mutex mutex_;
    Queue sessions_ GUARDED_BY(mutex_), tokens_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
