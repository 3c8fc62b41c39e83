#include "blobs/timed_file_ops.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/log.h"
#include "blobs/probe.h"

namespace bodega::blobs {
namespace {

using base::Steady;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1000}, kLookAgain{100};
constexpr std::size_t kMostWaiting = 1024;  // calls that nobody waits for included

struct Call {
    std::function<long(FileOps&)> work;
    std::function<void(FileOps&, long)> unwanted;  // mends what came too late
    std::condition_variable ended;
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
    files.let_go(fd);
    return well;
}

}  // namespace

// The threads and what they have to do. Owners of a call: who waits for it, and the thread that is in it.
class PatientFiles::Crew : public std::enable_shared_from_this<Crew> {
public:
    Crew(const std::string& folder, Limits limits, FileOps& files)
        : limits_(limits), files_(files), probe_([folder, &files] { return folder_answers(files, folder); }) {}

    void start_watch() {
        std::thread([self = shared_from_this()] { self->watch(); }).detach();
    }

    void end() {
        std::lock_guard lock(mutex_);
        over_ = true;
        some_.notify_all();
        looked_.notify_all();
    }

    bool well() const {
        std::lock_guard lock(mutex_);
        return finding_ == Probe::Finding::well;
    }

    // False: it is not done, and errno says why not.
    bool run(const std::shared_ptr<Call>& call) {
        std::unique_lock lock(mutex_);
        if (!begin(call)) {
            errno = ETIMEDOUT;
            return false;
        }
        waiting_.push_back(call);
        call->ended.wait_for(lock, limits_.call, [&] { return call->done || is_silent(); });
        std::erase(waiting_, call);
        if (!call->done) {
            call->given_up = true;
            std::erase(queue_, call);
        }
        errno = call->done ? call->error : ETIMEDOUT;
        return call->done;
    }

    // For what nobody waits for: done even if it is late.
    bool leave(const std::shared_ptr<Call>& call) {
        std::lock_guard lock(mutex_);
        if (queue_.size() >= kMostWaiting || !has_thread()) return false;
        queue_.push_back(call);
        some_.notify_one();
        return true;
    }

private:
    bool is_silent() const { return finding_ == Probe::Finding::silent; }

    bool begin(const std::shared_ptr<Call>& call) {
        if (is_silent() || queue_.size() >= kMostWaiting || !has_thread()) return false;
        queue_.push_back(call);
        some_.notify_one();
        return true;
    }

    // That takes the next call, now or later.
    bool has_thread() {
        if (idle_ > static_cast<int>(queue_.size()) || threads_ >= limits_.threads) return true;
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
            ++threads_;
        } catch (const std::system_error& error) {
            base::log::warn("blobs", "no further thread could be made", {{"reason", error.what()}});
        }
        return threads_ > 0;
    }

    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            some_.wait(lock, [this] { return over_ || !queue_.empty(); });
            --idle_;
            if (queue_.empty()) return;
            std::shared_ptr<Call> call = std::move(queue_.front());
            queue_.pop_front();
            call->begun = true;
            lock.unlock();
            long result = call->work(files_);
            int error = errno;
            lock.lock();
            settle(*call, result, error);
            if (!call->given_up || !call->unwanted) continue;
            lock.unlock();
            call->unwanted(files_, result);
            lock.lock();
        }
    }

    static void settle(Call& call, long result, int error) {
        call.result = result;
        call.error = error;
        call.done = true;
        call.ended.notify_all();
    }

    void watch() {
        std::unique_lock lock(mutex_);
        while (!over_) {
            lock.unlock();
            Probe::Finding finding = probe_.find(limits_.silence);
            lock.lock();
            note(finding);
            looked_.wait_for(lock, finding == Probe::Finding::well ? kLookEvery : kLookAgain, [this] { return over_; });
        }
    }

    void note(Probe::Finding finding) {
        bool was_silent = is_silent();
        finding_ = finding;
        if (is_silent() == was_silent) return;
        if (was_silent) return base::log::info("blobs", "the shared directory answers again");
        base::log::warn("blobs", "the shared directory does not answer: what waits for it is given up",
                        {{"calls", waiting_.size()}});
        for (const std::shared_ptr<Call>& call : waiting_) call->ended.notify_all();
    }

    const Limits limits_;
    FileOps& files_;
    const Probe probe_;

    mutable std::mutex mutex_;  // protects all below
    std::condition_variable some_, looked_;
    Calls queue_;                                 // that no thread has begun
    std::vector<std::shared_ptr<Call>> waiting_;  // that somebody waits for
    Probe::Finding finding_ = Probe::Finding::well;
    int threads_ = 0, idle_ = 0;
    bool over_ = false;
};

PatientFiles::PatientFiles(const std::string& folder, Limits limits, FileOps& files)
    : crew_(std::make_shared<Crew>(folder, limits, files)) {
    crew_->start_watch();
}

PatientFiles::~PatientFiles() { crew_->end(); }

bool PatientFiles::answers() const { return crew_->well(); }

long PatientFiles::ask(Work work, std::function<void(FileOps&, long)> unwanted) const {
    const base::Blocking waits;
    auto call = std::make_shared<Call>();
    call->work = std::move(work);
    call->unwanted = std::move(unwanted);
    return crew_->run(call) ? call->result : -1;
}

int PatientFiles::open(const char* path, int flags, mode_t mode) {
    return static_cast<int>(
        ask([name = std::string(path), flags, mode](FileOps& f) { return f.open(name.c_str(), flags, mode); },
            [](FileOps& f, long fd) {
                if (fd >= 0) f.let_go(static_cast<int>(fd));
            }));
}

ssize_t PatientFiles::write_at(int fd, const void* from, std::size_t size, off_t offset) {
    const auto* begin = static_cast<const char*>(from);
    return ask([fd, bytes = std::vector<char>(begin, begin + size), offset](FileOps& f) {
        return f.write_at(fd, bytes.data(), bytes.size(), offset);
    });
}

ssize_t PatientFiles::read_at(int fd, void* into, std::size_t size, off_t offset) {
    auto bytes = std::make_shared<std::vector<char>>(size);  // owned by the call and by who waits for it
    ssize_t n = ask([fd, bytes, offset](FileOps& f) { return f.read_at(fd, bytes->data(), bytes->size(), offset); });
    if (n > 0) std::memcpy(into, bytes->data(), static_cast<std::size_t>(n));
    return n;
}

ssize_t PatientFiles::copy_range(int from, int to, off_t offset, std::size_t size) {
    return ask([from, to, offset, size](FileOps& f) { return f.copy_range(from, to, offset, size); });
}

int PatientFiles::truncate(int fd, off_t size) {
    return static_cast<int>(ask([fd, size](FileOps& f) { return f.truncate(fd, size); }));
}

int PatientFiles::sync_data(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.sync_data(fd); }));
}

int PatientFiles::sync_folder(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.sync_folder(fd); }));
}

int PatientFiles::close(int fd) {
    // It is closed in any case, and once.
    auto call = std::make_shared<Call>();
    call->work = [fd](FileOps& f) -> long { return f.close(fd); };
    const base::Blocking waits;
    if (crew_->run(call)) return static_cast<int>(call->result);
    if (!call->begun) let_go(fd);
    errno = ETIMEDOUT;
    return -1;
}

// A descriptor is lost, rather than its caller, if not even that can be left to a thread.
void PatientFiles::let_go(int fd) noexcept {
    try {
        auto call = std::make_shared<Call>();
        call->work = [fd](FileOps& f) {
            f.let_go(fd);
            return 0L;
        };
        if (!crew_->leave(call)) base::log::error("blobs", "a file of the shared directory could not be closed");
    } catch (const std::exception& error) {
        base::log::error("blobs", "a file of the shared directory could not be closed", {{"reason", error.what()}});
    }
}

int PatientFiles::rename(const char* from, const char* to) {
    return static_cast<int>(
        ask([a = std::string(from), b = std::string(to)](FileOps& f) { return f.rename(a.c_str(), b.c_str()); }));
}

int PatientFiles::unlink(const char* path) {
    return static_cast<int>(ask([name = std::string(path)](FileOps& f) { return f.unlink(name.c_str()); }));
}

int PatientFiles::make_folder(const char* path, mode_t mode) {
    return static_cast<int>(
        ask([name = std::string(path), mode](FileOps& f) { return f.make_folder(name.c_str(), mode); }));
}

int PatientFiles::status(const char* path, struct stat& out) {
    auto found = std::make_shared<struct stat>();  // owned as the bytes of read_at
    long result = ask([name = std::string(path), found](FileOps& f) { return f.status(name.c_str(), *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int PatientFiles::status_of(int fd, struct stat& out) {
    auto found = std::make_shared<struct stat>();
    long result = ask([fd, found](FileOps& f) { return f.status_of(fd, *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int PatientFiles::space(const char* path, struct statvfs& out) {
    auto found = std::make_shared<struct statvfs>();
    long result = ask([name = std::string(path), found](FileOps& f) { return f.space(name.c_str(), *found); });
    if (result == 0) out = *found;
    return static_cast<int>(result);
}

int PatientFiles::list(const char* path, std::vector<std::string>& names) {
    auto found = std::make_shared<std::vector<std::string>>();
    long result = ask([name = std::string(path), found](FileOps& f) { return f.list(name.c_str(), *found); });
    if (result == 0) names = std::move(*found);
    return static_cast<int>(result);
}

int PatientFiles::touch(int fd) {
    return static_cast<int>(ask([fd](FileOps& f) { return f.touch(fd); }));
}

// Hints: the file system of a network knows best when to write.
void PatientFiles::start_writeback(int, off_t, off_t) {}

void PatientFiles::await_writeback(int fd, off_t offset, off_t size) {
    ask([fd, offset, size](FileOps& f) {
        f.await_writeback(fd, offset, size);
        return 0L;
    });
}

}  // namespace bodega::blobs
