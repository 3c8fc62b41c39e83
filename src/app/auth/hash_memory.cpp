#include "app/auth/hash_memory.h"

#include "base/error.h"
#include "base/log.h"

namespace bodega::app {
namespace {

// Bytes that stay free for other allocations of the process.
constexpr std::int64_t kMargin = 4 << 20;
constexpr std::chrono::seconds kMaxWait{5};
constexpr std::chrono::minutes kLogEvery{1};

}  // namespace

HashMemory::Use::Use(HashMemory& memory, std::int64_t bytes) : memory_(memory), bytes_(bytes) {
    const base::MutexLock lock(memory_.mutex_);
    const auto until = base::Steady::now() + kMaxWait;
    while (!memory_.fits(bytes_)) {
        const bool others = memory_.in_use_ > 0;
        if (others && memory_.changed_.wait_until(memory_.mutex_, until)) continue;
        memory_.log_refusal(bytes_);
        throw base::Error(base::Code::unavailable, "The server has no memory left for a sign-in right now. Try again.",
                          2);
    }
    memory_.in_use_ += bytes_;
}

HashMemory::Use::~Use() {
    const base::MutexLock lock(memory_.mutex_);
    memory_.in_use_ -= bytes_;
    memory_.changed_.notify_all();
}

// True if a hash of `bytes` fits. The memory that running hashes have already allocated is counted twice: by the
// kernel, and in in_use_. So the function may refuse a hash that fits, but never accepts one that does not.
bool HashMemory::fits(std::int64_t bytes) const {
    const auto limit = look_();
    return !limit || limit->left - in_use_ >= bytes + kMargin;
}

void HashMemory::log_refusal(std::int64_t bytes) {
    const auto now = base::Steady::now();
    if (logged_at_ && now - *logged_at_ < kLogEvery) return;
    logged_at_ = now;
    const auto limit = look_();
    base::log::error(
        "passwords",
        "a hash does not fit into the control group's memory limit; raise the limit, or set the password again here "
        "with bodega user passwd",
        {{"bytes", bytes}, {"limit", limit ? limit->max : 0}, {"left", limit ? limit->left : 0}});
}

}  // namespace bodega::app
