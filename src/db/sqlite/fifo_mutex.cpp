#include "db/sqlite/fifo_mutex.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/blocking.h"
#include "base/error.h"

namespace bodega::db {

std::shared_ptr<WriteGate> WriteGate::of_file(const std::string& path) {
    struct stat file {};
    // By identity: the same file may be named by several paths.
    if (::stat(path.c_str(), &file) != 0) throw base::system_error("look at the catalog's file", errno);

    static std::mutex mutex;
    static std::map<std::pair<dev_t, ino_t>, std::weak_ptr<WriteGate>> gates;
    const std::lock_guard lock(mutex);
    std::erase_if(gates, [](const auto& gate) { return gate.second.expired(); });
    auto& known = gates[{file.st_dev, file.st_ino}];
    auto gate = known.lock();
    if (!gate) known = gate = std::make_shared<WriteGate>();
    return gate;
}

bool WriteGate::enter(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (!taken_) {
        taken_ = true;
        return true;
    }
    const base::Blocking waits;
    Waiter self;
    waiting_.push_back(&self);
    if (self.called.wait_for(lock, limit, [&] { return self.granted; })) return true;
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &self));
    return false;
}

void WriteGate::leave() noexcept {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        taken_ = false;
        return;
    }
    Waiter* next = waiting_.front();
    waiting_.pop_front();
    next->granted = true;
    // Under the lock: the waiter's condition variable ends with its wait.
    next->called.notify_one();
}

std::size_t WriteGate::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

}  // namespace bodega::db
