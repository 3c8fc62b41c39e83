#include "db/sqlite/group_sync.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/blocking.h"
#include "base/error.h"
#include "base/log.h"

namespace bodega::db {

GroupSync::GroupSync(std::string path) : path_(std::move(path)) {}

void GroupSync::wait_for(std::uint64_t number) {
    base::MutexLock lock(mutex_);
    while (synced_ < number) {
        if (error_ != 0)
            throw base::Error(base::Code::io, "the catalog's log " + path_ + " can't be written to the disk (" +
                                                  std::generic_category().message(error_) +
                                                  "); the change may be lost");
        const base::Blocking waits;
        if (syncing_) {
            synced_to_more_.wait(mutex_);
            continue;
        }
        syncing_ = true;
        const std::uint64_t made = committed_;
        lock.unlock();
        const int error = sync();
        lock.lock();
        syncing_ = false;
        ++syncs_;
        if (error == 0) synced_ = made;
        else error_ = error;
        synced_to_more_.notify_all();
    }
}

std::uint64_t GroupSync::syncs() const {
    const base::MutexLock lock(mutex_);
    return syncs_;
}

// SQLite removes the log when the last connection closes, after it has copied and synced everything. So a missing log
// has nothing left to sync.
int GroupSync::sync() noexcept {
    struct stat named {
    }, opened{};
    if (::stat(path_.c_str(), &named) != 0) return errno == ENOENT ? 0 : errno;
    const bool is_open =
        log_ && ::fstat(log_.get(), &opened) == 0 && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    if (!is_open && !open_log()) return errno == ENOENT ? 0 : errno;
    if (::fdatasync(log_.get()) == 0) return 0;
    const int error = errno;
    base::log::error("db", "could not sync the catalog's log; this node refuses writes until it is restarted",
                     {{"path", path_}, {"why", std::generic_category().message(error)}});
    return error;
}

// The folder is synced too, so that a new log keeps its name after a power failure.
bool GroupSync::open_log() noexcept {
    log_ = base::Fd(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    if (!log_) return false;
    const base::Fd folder(::open(path_.substr(0, path_.rfind('/') + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder && ::fsync(folder.get()) == 0;
}

}  // namespace bodega::db
