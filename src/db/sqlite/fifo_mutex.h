// The turn to write to one SQLite file among this process's connections, first come, first served.
//
// SQLite's own waiting polls and lets whoever polls first go first; under load that starves writers and
// sleeps while the lock is free. Other processes are still met at SQLite's lock. Thread-safe; the thread
// that leaves need not be the one that entered.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace bodega::db {

class WriteGate {
public:
    // The file's gate: one a file and process, owned by the connections to that file.
    static std::shared_ptr<WriteGate> of_file(const std::string& path);

    // False if the turn has not come within `limit`.
    bool enter(std::chrono::milliseconds limit);
    void leave() noexcept;

    std::size_t waiting() const;

private:
    struct Waiter {
        std::condition_variable called;
        bool granted = false;
    };

    mutable std::mutex mutex_;
    bool taken_ = false;           // protected by mutex_
    std::deque<Waiter*> waiting_;  // protected by mutex_; first is next
};

}  // namespace bodega::db
