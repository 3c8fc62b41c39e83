// What the jobs of this process came to since its start, for its metrics.
#pragma once

#include <atomic>
#include <cstdint>

namespace bodega::app {

struct JobCounts {
    std::atomic<std::uint64_t> done{0};        // items
    std::atomic<std::uint64_t> failed{0};      // items
    std::atomic<std::uint64_t> taken_over{0};  // turns of jobs that another node had not given back
};

// Of the process.
inline JobCounts& job_counts() noexcept {
    static JobCounts counts;
    return counts;
}

}  // namespace bodega::app
