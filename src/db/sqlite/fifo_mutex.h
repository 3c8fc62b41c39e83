// Mutex for writes to one SQLite file among this process's connections; first come, first served.
//
// SQLite's own wait polls, so the next writer is the one that happens to poll first. Under load some writers starve,
// and others sleep while the lock is free. Other processes still compete for SQLite's lock. Thread-safe; enter() and
// leave() may be called on different threads.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "base/mutex.h"

namespace bodega::db {

class FifoMutex {
public:
    // The mutex of a file: one per file and process, shared by the connections to that file.
    static std::shared_ptr<FifoMutex> of_file(const std::string& path);

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
    std::deque<Wakeup*> waiting_ GUARDED_BY(mutex_);  // waiting threads, in the order in which they get the mutex
};

}  // namespace bodega::db
