#include "db/fifo_mutex.h"

#include <algorithm>

#include "base/blocking.h"

namespace bodega::db {

bool FifoMutex::enter(std::chrono::milliseconds limit) {
    const base::MutexLock lock(mutex_);
    if (!taken_) {
        taken_ = true;
        return true;
    }
    const base::Blocking waits;
    Wakeup self;
    waiting_.push_back(&self);
    if (self.called.wait_for(mutex_, limit, [&] { return self.granted; })) return true;
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &self));
    return false;
}

void FifoMutex::leave() noexcept {
    const base::MutexLock lock(mutex_);
    if (waiting_.empty()) {
        taken_ = false;
        return;
    }
    Wakeup* next = waiting_.front();
    waiting_.pop_front();
    next->granted = true;
    // Notifies under the lock: the waiting thread destroys the Wakeup as soon as it continues.
    next->called.notify_one();
}

std::size_t FifoMutex::waiting() const {
    const base::MutexLock lock(mutex_);
    return waiting_.size();
}

}  // namespace bodega::db
