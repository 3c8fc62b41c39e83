// A mutex that threads get in the order in which they asked. Thread-safe; enter() and leave() may be called on
// different threads.
//
// SQLite's own wait for its write lock polls, so the next writer is the one that happens to poll first. Under load some
// writers starve, and others sleep while the lock is free.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "base/mutex.h"

namespace bodega::db {

class FifoMutex {
public:
    // Returns false if the mutex was not free within `limit`.
    bool enter(std::chrono::milliseconds limit);
    void leave() noexcept;

    std::size_t waiting() const;

private:
    struct Wakeup {
        base::Condition called;
        bool granted = false;
    };

    mutable base::Mutex mutex_;
    bool taken_ GUARDED_BY(mutex_) = false;
    std::deque<Wakeup*> waiting_ GUARDED_BY(mutex_);  // the first is next
};

}  // namespace bodega::db
