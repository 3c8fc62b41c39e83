#include "blobs/timed_file_ops.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <system_error>
#include <thread>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "blobs/probe.h"

namespace bodega::blobs {
namespace {

using base::Steady;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1000}, kLookAgain{100};
constexpr std::size_t kMaxWaiting = 1024;  // maximum queued calls, including calls without a waiting caller

struct Call {
    std::function<long(FileOps&)> work;
    std::function<void(FileOps&, long)> clean_up;  // cleans up the result of a call that returned too late
    base::Condition ended;
    long result = -1;
    int error = 0;
    bool done = false;
    bool begun = false;
    bool given_up = false;
};

using Calls = std::deque<std::shared_ptr<Call>>;

bool folder_answers(FileOps& files, const std::string& path) {
    int fd = files.open(path.c_str(), O_RDONLY | O_DIRECTORY, 0);
    struct stat found {};
    if (fd < 0) return false;
    bool well = files.status_of(fd, found) == 0;
    files.close_quietly(fd);
    return well;
}

}  // namespace

// The threads and their queue of calls. Owners of a call: the waiting caller, and the thread that runs it.
class TimedFileOps::ThreadPool : public std::enable_shared_from_this<ThreadPool> {
public:
    ThreadPool(const std::string& folder, Limits limits, FileOps& files)
        : limits_(limits), files_(files), probe_([folder, &files] { return folder_answers(files, folder); }) {}

    void start_watch() {
        std::thread([self = shared_from_this()] { self->watch(); }).detach();
    }

    void end() {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
        arrived_.notify_all();
        looked_.notify_all();
    }

    bool well() const {
        const base::MutexLock lock(mutex_);
        return finding_ == Probe::Finding::well;
    }

    // Returns false if the call did not finish; errno says why.
    bool run(const std::shared_ptr<Call>& call) {
        const base::MutexLock lock(mutex_);
        if (!enqueue(call)) {
            errno = ETIMEDOUT;
            return false;
        }
        waiting_.push_back(call);
        call->ended.wait_for(mutex_, limits_.call, [&]() REQUIRES(mutex_) { return call->done || is_silent(); });
        std::erase(waiting_, call);
        if (!call->done) {
            call->given_up = true;
            std::erase(queue_, call);
        }
        errno = call->done ? call->error : ETIMEDOUT;
        return call->done;
    }

    // Queues a call without a waiting caller. The call runs even if it is late.
    bool run_detached(const std::shared_ptr<Call>& call) {
        const base::MutexLock lock(mutex_);
        if (queue_.size() >= kMaxWaiting || !has_thread()) return false;
        queue_.push_back(call);
        arrived_.notify_one();
        return true;
    }

private:
    bool is_silent() const REQUIRES(mutex_) { return finding_ == Probe::Finding::silent; }

    bool enqueue(const std::shared_ptr<Call>& call) REQUIRES(mutex_) {
        if (is_silent() || queue_.size() >= kMaxWaiting || !has_thread()) return false;
        queue_.push_back(call);
        arrived_.notify_one();
        return true;
    }

    // Returns whether a thread exists that will run the next call. Starts one if all are busy and the limit allows it.
    bool has_thread() REQUIRES(mutex_) {
        if (idle_ > static_cast<int>(queue_.size()) || threads_ >= limits_.threads) return true;
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
            ++threads_;
        } catch (const std::system_error& error) {
            base::log::warn("blobs", "could not start a further thread", {{"reason", error.what()}});
        }
        return threads_ > 0;
    }

    void work() {
        base::MutexLock lock(mutex_);
        for (;;) {
            ++idle_;
            arrived_.wait(mutex_, [this]() REQUIRES(mutex_) { return stopping_ || !queue_.empty(); });
            --idle_;
            if (queue_.empty()) return;
            std::shared_ptr<Call> call = std::move(queue_.front());
            queue_.pop_front();
            call->begun = true;
            lock.unlock();
            long result = call->work(files_);
            int error = errno;
            lock.lock();
            finish(*call, result, error);
            if (!call->given_up || !call->clean_up) continue;
            lock.unlock();
            call->clean_up(files_, result);
            lock.lock();
        }
    }

    // Requires: the caller holds mutex_.
    static void finish(Call& call, long result, int error) {
        call.result = result;
        call.error = error;
        call.done = true;
        call.ended.notify_all();
    }

    void watch() {
        base::MutexLock lock(mutex_);
        while (!stopping_) {
            lock.unlock();
            Probe::Finding finding = probe_.find(limits_.silence);
            lock.lock();
            note(finding);
            looked_.wait_for(mutex_, finding == Probe::Finding::well ? kLookEvery : kLookAgain,
                             [this]() REQUIRES(mutex_) { return stopping_; });
        }
    }

    void note(Probe::Finding finding) REQUIRES(mutex_) {
        bool was_silent = is_silent();
        finding_ = finding;
        if (is_silent() == was_silent) return;
        if (was_silent) return base::log::info("blobs", "the shared directory answers again");
        base::log::warn("blobs", "the shared directory does not answer: failing the waiting calls",
                        {{"calls", waiting_.size()}});
        for (const std::shared_ptr<Call>& call : waiting_) call->ended.notify_all();
    }

    const Limits limits_;
    FileOps& files_;
    const Probe probe_;

    mutable base::Mutex mutex_;
    base::Condition arrived_, looked_;
    Calls queue_ GUARDED_BY(mutex_);                                 // calls that no thread has begun
    std::vector<std::shared_ptr<Call>> waiting_ GUARDED_BY(mutex_);  // calls that have a waiting caller
    Probe::Finding finding_ GUARDED_BY(mutex_) = Probe::Finding::well;
    int threads_ GUARDED_BY(mutex_) = 0, idle_ GUARDED_BY(mutex_) = 0;
    bool stopping_ GUARDED_BY(mutex_) = false;
};

TimedFileOps::TimedFileOps(const std::string& folder, Limits limits, FileOps& files)
    : pool_(std::make_shared<ThreadPool>(folder, limits, files)) {
    pool_->start_watch();
}

TimedFileOps::~TimedFileOps() { pool_->end(); }

bool TimedFileOps::answers() const { return pool_->well(); }

long TimedFileOps::ask(Work work, std::function<void(FileOps&, long)> clean_up) const {
    const base::Blocking waits;
    auto call = std::make_shared<Call>();
    call->work = std::move(work);
    call->clean_up = std::move(clean_up);
    return pool_->run(call) ? call->result : -1;
}

int TimedFileOps::open(const char* path, int flags, mode_t mode) {
    return static_cast<int>(
        ask([name = std::string(path), flags, mode](FileOps& f) { return f.open(name.c_str(), flags, mode); },
            [](FileOps& f, long fd) {
                if (fd >= 0) f.close_quietly(static_cast<int>(fd));
            }));
}

ssize_t TimedFileOps::write_at(int fd, const void* from, std::size_t size, off_t offset) {
    const auto* begin = static_cast<const char*>(from);
    return ask([fd, bytes = std::vector<char>(begin, begin + size), offset](FileOps& f) {
        return f.write_at(fd, bytes.data(), bytes.size(), offset);
    });
}

ssize_t TimedFileOps::read_at(int fd, void* into, std::size_t size, off_t offset) {
    auto bytes = std::make_shared<std::vector<char>>(size);  // shared with the call, which may outlive its caller
    ssize_t n = ask([fd, bytes, offset](FileOps& f) { return f.read_at(fd, bytes->data(), bytes->size(), offset); });
    if (n > 0) std::memcpy(into, bytes->data(), static_cast<std::size_t>(n));
    return n;
}

ssize_t TimedFileOps::copy_range(int from, int to, off_t offset, std::size_t size) {
    return ask([from, to, offset, size](FileOps& f) { return f.copy_range(from, to, offset, size); });
}

int TimedFileOps::truncate(int fd, off_t size) {
    return static_cast<int>(ask([fd, size](FileOps& f) { return f.truncate(fd, size); }));
}

int TimedFileOps::sync_data(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.sync_data(fd); }));
}

int TimedFileOps::sync_folder(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.sync_folder(fd); }));
}

int TimedFileOps::close(int fd) {
    // The descriptor is closed exactly once, even if this call times out: a call that has begun closes it later, and
    // one that has not begun is replaced by close_quietly().
    auto call = std::make_shared<Call>();
    call->work = [fd](FileOps& f) -> long { return f.close(fd); };
    const base::Blocking waits;
    if (pool_->run(call)) return static_cast<int>(call->result);
    if (!call->begun) close_quietly(fd);
    errno = ETIMEDOUT;
    return -1;
}

// If the queue is full or no thread can be started, leaks the descriptor instead of blocking the caller.
void TimedFileOps::close_quietly(int fd) noexcept {
    try {
        auto call = std::make_shared<Call>();
        call->work = [fd](FileOps& f) {
            f.close_quietly(fd);
            return 0L;
        };
        if (!pool_->run_detached(call)) base::log::error("blobs", "could not close a file of the shared directory");
    } catch (const std::exception& error) {
        base::log::error("blobs", "could not close a file of the shared directory", {{"reason", error.what()}});
    }
}

int TimedFileOps::rename(const char* from, const char* to) {
    return static_cast<int>(
        ask([a = std::string(from), b = std::string(to)](FileOps& f) { return f.rename(a.c_str(), b.c_str()); }));
}

int TimedFileOps::unlink(const char* path) {
    return static_cast<int>(ask([name = std::string(path)](FileOps& f) { return f.unlink(name.c_str()); }));
}

int TimedFileOps::make_folder(const char* path, mode_t mode) {
    return static_cast<int>(
        ask([name = std::string(path), mode](FileOps& f) { return f.make_folder(name.c_str(), mode); }));
}

int TimedFileOps::status(const char* path, struct stat& out) {
    auto found = std::make_shared<struct stat>();  // shared with the call, which may outlive its caller
    long result = ask([name = std::string(path), found](FileOps& f) { return f.status(name.c_str(), *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int TimedFileOps::status_of(int fd, struct stat& out) {
    auto found = std::make_shared<struct stat>();
    long result = ask([fd, found](FileOps& f) { return f.status_of(fd, *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int TimedFileOps::space(const char* path, struct statvfs& out) {
    auto found = std::make_shared<struct statvfs>();
    long result = ask([name = std::string(path), found](FileOps& f) { return f.space(name.c_str(), *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int TimedFileOps::list(const char* path, std::vector<std::string>& names) {
    auto found = std::make_shared<std::vector<std::string>>();
    long result = ask([name = std::string(path), found](FileOps& f) { return f.list(name.c_str(), *found); });
    if (result == 0) names = std::move(*found);
    return static_cast<int>(result);
}

int TimedFileOps::touch(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.touch(fd); }));
}

// Ignores the hints: a network file system knows best when to write.
void TimedFileOps::start_writeback(int, off_t, off_t) {}

void TimedFileOps::await_writeback(int fd, off_t offset, off_t size) {
    ask([fd, offset, size](FileOps& f) {
        f.await_writeback(fd, offset, size);
        return 0L;
    });
}

}  // namespace bodega::blobs
