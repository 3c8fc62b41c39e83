// Checks that a password's hash fits into the process's memory limit. Otherwise the kernel would kill the process
// (OOM). Thread-safe; one per process.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/memory_limit.h"
#include "base/mutex.h"

namespace bodega::app {

class HashMemory {
public:
    using Look = std::function<std::optional<base::MemoryLimit>()>;

    explicit HashMemory(Look look) : look_(std::move(look)) {}

    // Reserves memory for one hash while this object exists.
    class Use {
    public:
        // Waits up to 5 s for running hashes to end. If there is still not enough memory, throws Error{unavailable} and
        // logs the failure, at most once a minute.
        Use(HashMemory& memory, std::int64_t bytes);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        HashMemory& memory_;
        const std::int64_t bytes_;
    };

private:
    bool fits(std::int64_t bytes) const REQUIRES(mutex_);
    void log_refusal(std::int64_t bytes) REQUIRES(mutex_);

    const Look look_;
    base::Mutex mutex_;
    base::Condition changed_;
    std::int64_t in_use_ GUARDED_BY(mutex_) = 0;
    std::optional<base::Steady::time_point> logged_at_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
