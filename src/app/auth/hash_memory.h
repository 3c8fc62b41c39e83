// Whether a password's hash fits into the memory that this process may have: the kernel would end the process for one
// that does not. Thread-safe; one a process.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/memory_limit.h"

namespace bodega::app {

class HashMemory {
public:
    using Look = std::function<std::optional<base::MemoryLimit>()>;

    explicit HashMemory(Look look) : look_(std::move(look)) {}

    // Held while a hash is computed.
    class Use {
    public:
        // Waits for hashes that run, for a few seconds. Throws Error{unavailable} if there is no room, and logs it
        // once a minute at most.
        Use(HashMemory& memory, std::int64_t bytes);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        HashMemory& memory_;
        const std::int64_t bytes_;
    };

private:
    bool fits(std::int64_t bytes) const;  // requires mutex_
    void log_refusal(std::int64_t bytes);

    const Look look_;
    std::mutex mutex_;  // protects all below
    std::condition_variable changed_;
    std::int64_t in_use_ = 0;
    std::optional<base::Steady::time_point> logged_at_;
};

}  // namespace bodega::app
