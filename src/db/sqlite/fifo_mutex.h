// Mutex for writes to one SQLite file among this process's connections; first come, first served.
//
// SQLite's own wait polls, so the next writer is the one that happens to poll first. Under load some writers starve,
// and others sleep while the lock is free. Other processes still compete for SQLite's lock. Thread-safe; enter() and
// leave() may be called on different threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

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
        std::condition_variable called;
        bool granted = false;
    };

    mutable std::mutex mutex_;
    bool taken_ = false;           // protected by mutex_
    std::deque<Wakeup*> waiting_;  // protected by mutex_; the first is next
};

}  // namespace bodega::db
