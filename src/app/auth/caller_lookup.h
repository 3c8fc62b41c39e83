// Batches concurrent lookups of callers and their entries into one query.
//
// At most four statements for each kind of secret are in flight. A lookup that comes meanwhile waits until one of them
// ends, and then shares the next statement with the other waiting lookups. Under load the database answers one
// statement instead of sixteen, and no lookup waits that would not have waited for the database anyway. A lookup's
// statement always begins after its call. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

#include "db/pool.h"
#include "store/auth/callers.h"

namespace bodega::app {

class CallerLookup {
public:
    explicit CallerLookup(db::Pool& catalog) : catalog_(catalog) {}

    // Same as store::Callers::find_at. Throws what the catalog's read throws.
    std::optional<store::CallerAt> find_at(store::SecretKind kind, const store::CallerAsked& asked);

private:
    struct Waiting {
        explicit Waiting(const store::CallerAsked& a) : asked(a) {}

        const store::CallerAsked& asked;
        std::condition_variable wakeup;
        std::vector<Waiting*> batch;  // the items that this thread has to look up, its own first; empty: another
                                      // thread looks this one up
        bool done = false;
        std::optional<store::CallerAt> found;
        std::exception_ptr failure;
    };
    struct Queue {
        std::deque<Waiting*> waiting;  // not empty only while kMaxInFlight statements are in flight
        int in_flight = 0;             // statements, including those whose leading thread was just woken
    };

    void look_up(store::SecretKind kind, const std::vector<Waiting*>& batch);
    static void wake_next(Queue& queue);

    db::Pool& catalog_;
    std::mutex mutex_;
    Queue sessions_, tokens_;  // protected by mutex_
};

}  // namespace bodega::app
