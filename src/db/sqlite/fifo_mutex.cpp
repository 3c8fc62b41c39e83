#include "db/sqlite/fifo_mutex.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/blocking.h"
#include "base/error.h"

namespace bodega::db {

std::shared_ptr<FifoMutex> FifoMutex::of_file(const std::string& path) {
    struct stat file {};
    // Identifies the file by device and inode, because several paths may name one file.
    if (::stat(path.c_str(), &file) != 0) throw base::system_error("read the catalog file's status", errno);

    static base::Mutex mutex;
    static std::map<std::pair<dev_t, ino_t>, std::weak_ptr<FifoMutex>> mutexes GUARDED_BY(mutex);
    const base::MutexLock lock(mutex);
    std::erase_if(mutexes, [](const auto& write_mutex) { return write_mutex.second.expired(); });
    auto& known = mutexes[{file.st_dev, file.st_ino}];
    auto write_mutex = known.lock();
    if (!write_mutex) known = write_mutex = std::make_shared<FifoMutex>();
    return write_mutex;
}

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
