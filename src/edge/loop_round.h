// Lets a caller wait until every event loop has run a posted call. The caller and each posted call own the object.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/mutex.h"

namespace bodega::edge {

class LoopRound {
public:
    explicit LoopRound(std::size_t loops) : missing_(loops) {}

    void count() {
        const base::MutexLock lock(mutex_);
        if (--missing_ == 0) over_.notify_all();
    }
    bool is_over_within(std::chrono::milliseconds limit) {
        const base::MutexLock lock(mutex_);
        return over_.wait_for(mutex_, limit, [this]() REQUIRES(mutex_) { return missing_ == 0; });
    }

private:
    base::Mutex mutex_;
    base::Condition over_;
    std::size_t missing_ GUARDED_BY(mutex_);
};

}  // namespace bodega::edge
