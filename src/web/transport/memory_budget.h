// Counts the memory of all requests that are held until they are complete. Each connection reports its memory.
// Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace bodega::web {

class MemoryBudget {
public:
    explicit MemoryBudget(std::int64_t max) noexcept : max_(max) {}

    void count(std::size_t before, std::size_t after) noexcept {
        held_ += static_cast<std::int64_t>(after) - static_cast<std::int64_t>(before);
    }
    bool is_over() const noexcept { return held_ > max_; }
    std::int64_t held() const noexcept { return held_; }

private:
    const std::int64_t max_;
    std::atomic<std::int64_t> held_{0};
};

}  // namespace bodega::web
