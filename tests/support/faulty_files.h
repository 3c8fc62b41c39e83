// A file system with one fault at the n-th call: the call fails; it takes effect and returns an error (NFS, a lost
// answer); it times out and takes effect later; or the process dies after it, and with it all bytes that were not
// synced, as in a power cut.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "blobs/file_ops.h"
#include "support/volatile_files.h"

namespace bodega::test {

// time_out: as when TimedFileOps abandons a call. It fails with ETIMEDOUT without effect until land() executes it.
enum class How { none, fail, happen_and_fail, time_out, die_after };

// Counts every call from 1; hints are not counted. Thread-safe, except for arming.
class FaultyFiles : public blobs::FileOps {
public:
    // The fault happens once, at the n-th call from now. `only`: count only calls of this kind ("rename"); empty: all.
    void arm(int n, How how, int error = EIO, std::string only = "") {
        seen_ = 0;
        at_ = n;
        how_ = how;
        error_ = error;
        only_ = std::move(only);
        struck_.clear();
        then_ = nullptr;
    }
    // `then` runs at the n-th call of a kind from now, before it.
    void watch(int n, std::string only, std::function<void()> then) {
        arm(n, How::none, 0, std::move(only));
        then_ = std::move(then);
    }
    void disarm() { arm(0, How::none); }
    // Executes every call that timed out, in order.
    void land() {
        for (const auto& call : std::exchange(late_, {})) call();
    }
    // The number of calls since the fault was armed, and the call that it hit ("" if none).
    int seen() const { return seen_; }
    const std::string& struck() const { return struck_; }

    // As SIGKILL: nothing is flushed, no destructor runs. Bytes that were not synced are lost.
    [[noreturn]] void die() {
        volatile_.lose();
        ::kill(::getpid(), SIGKILL);
        for (;;) ::pause();
    }

    int open(const char* path, int flags, mode_t mode) override {
        auto call = [&] {
            int fd = FileOps::open(path, flags, mode);
            if (fd >= 0 && (flags & O_EXCL) != 0) volatile_.created(path);
            return fd;
        };
        return strike("open", call, [](int fd) { ::close(fd); });
    }
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override {
        volatile_.written(fd, offset);
        if (times_out("write")) {
            const auto* begin = static_cast<const char*>(from);
            return give_up([this, file = ::dup(fd), bytes = std::string(begin, size), offset] {
                FileOps::write_at(file, bytes.data(), bytes.size(), offset);
                ::close(file);
            });
        }
        return strike("write", [&] { return FileOps::write_at(fd, from, size, offset); });
    }
    ssize_t read_at(int fd, void* into, std::size_t size, off_t offset) override {
        return strike("read", [&] { return FileOps::read_at(fd, into, size, offset); });
    }
    // Its bytes have to count as written.
    ssize_t copy_range(int, int, off_t, std::size_t) override {
        errno = ENOSYS;
        return -1;
    }
    int truncate(int fd, off_t size) override {
        if (times_out("truncate"))
            return give_up([this, file = ::dup(fd), size] {
                FileOps::truncate(file, size);
                ::close(file);
            });
        return strike("truncate", [&] { return FileOps::truncate(fd, size); });
    }
    // The kernel keeps the writes of a dead process, so nothing has to reach a disk here: only bytes synced through
    // this class count as kept.
    int sync_data(int fd) override {
        if (times_out("sync_data")) return give_up([] {});
        return strike("sync_data", [&] {
            volatile_.synced(fd);
            return 0;
        });
    }
    int sync_folder(int fd) override {
        return strike("sync_folder", [&] {
            volatile_.folder_synced(fd);
            return 0;
        });
    }
    int close(int fd) override {
        return strike("close", [&] { return FileOps::close(fd); });
    }
    int rename(const char* from, const char* to) override {
        if (times_out("rename"))
            return give_up(
                [this, a = std::string(from), b = std::string(to)] { FileOps::rename(a.c_str(), b.c_str()); });
        return strike("rename", [&] {
            int result = FileOps::rename(from, to);
            if (result == 0) volatile_.renamed(from, to);
            return result;
        });
    }
    int unlink(const char* path) override {
        return strike("unlink", [&] { return FileOps::unlink(path); });
    }
    int make_folder(const char* path, mode_t mode) override {
        return strike("make_folder", [&] { return FileOps::make_folder(path, mode); });
    }
    int status(const char* path, struct stat& out) override {
        return strike("status", [&] { return FileOps::status(path, out); });
    }
    int status_of(int fd, struct stat& out) override {
        return strike("status_of", [&] { return FileOps::status_of(fd, out); });
    }

private:
    bool times_out(const std::string& name) {
        if (how_ != How::time_out || (!only_.empty() && only_ != name) || ++seen_ != at_) return false;
        struck_ = name;
        return true;
    }
    int give_up(std::function<void()> call) {
        late_.push_back(std::move(call));
        errno = ETIMEDOUT;
        return -1;
    }

    template <class Call, class Undo = void (*)(int)>
    auto strike(
        const char* name, Call call, Undo undo = [](int) {}) -> decltype(call()) {
        if (!only_.empty() && only_ != name) return call();
        if (how_ == How::time_out || ++seen_ != at_) return call();
        if (auto then = std::exchange(then_, nullptr)) {
            struck_ = name;
            then();
        }
        if (how_ == How::none) return call();
        struck_ = name;
        if (how_ == How::happen_and_fail || how_ == How::die_after) {
            auto result = call();
            if (how_ == How::die_after) die();
            if (result >= 0) undo(static_cast<int>(result));
        }
        errno = error_;
        return -1;
    }

    std::atomic<int> seen_ = 0;
    int at_ = 0;
    How how_ = How::none;
    int error_ = 0;
    std::string only_;
    std::string struck_;
    std::function<void()> then_;
    std::vector<std::function<void()>> late_;  // calls that timed out
    VolatileFiles volatile_;
};

}  // namespace bodega::test
