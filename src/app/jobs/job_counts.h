// Counts of this process's work on jobs since its start, for its metrics.
#pragma once

#include <atomic>
#include <cstdint>

namespace bodega::app {

struct JobCounts {
    std::atomic<std::uint64_t> done{0};    // number of items that succeeded
    std::atomic<std::uint64_t> failed{0};  // number of items that failed
    // number of turns that took over a job from a node that had not released it
    std::atomic<std::uint64_t> taken_over{0};
};

// The process's counts.
inline JobCounts& job_counts() noexcept {
    static JobCounts counts;
    return counts;
}

}  // namespace bodega::app
