// File system calls that may never return: a dead NFS mount blocks every thread that touches it, even against signals.
// This class makes each call on one of its own threads, so the caller gets an error when the time limit is over, even
// if the call has not returned.
//
// A watch thread probes the folder every second. While the folder is silent, every waiting and every new call fails at
// once with ETIMEDOUT. So callers, threads and memory stay bounded, however long the silence lasts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "blobs/file_ops.h"

namespace bodega::blobs {

// Thread-safe. Does not support direct writes: bytes are copied, because a call may outlive its caller.
class TimedFileOps final : public FileOps {
public:
    struct Limits {
        int threads = 32;  // number of threads, each of which runs one call at a time; other calls are queued
        std::chrono::milliseconds silence{3500};  // maximum time for a probe of the folder
        std::chrono::milliseconds call{30'000};   // maximum time for a call while the folder responds to probes
    };

    // The watch probes `folder`. `files` must outlive this object and every hanging call.
    TimedFileOps(const std::string& folder, Limits limits, FileOps& files = FileOps::kernel());
    ~TimedFileOps() override;
    TimedFileOps(const TimedFileOps&) = delete;
    TimedFileOps& operator=(const TimedFileOps&) = delete;

    // Whether the last probe got a response; never blocks.
    bool answers() const;

    int open(const char* path, int flags, mode_t mode) override;
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override;
    ssize_t read_at(int fd, void* into, std::size_t size, off_t offset) override;
    ssize_t copy_range(int from, int to, off_t offset, std::size_t size) override;
    int truncate(int fd, off_t size) override;
    int sync_data(int fd) override;
    int sync_folder(int fd) override;
    int close(int fd) override;
    void close_quietly(int fd) noexcept override;
    int rename(const char* from, const char* to) override;
    int unlink(const char* path) override;
    int make_folder(const char* path, mode_t mode) override;
    int status(const char* path, struct stat& out) override;
    int status_of(int fd, struct stat& out) override;
    int space(const char* path, struct statvfs& out) override;
    int list(const char* path, std::vector<std::string>& names) override;
    int touch(int fd) override;
    bool set_direct(int, bool) override { return false; }
    void start_writeback(int fd, off_t offset, off_t size) override;
    void await_writeback(int fd, off_t offset, off_t size) override;

private:
    class ThreadPool;
    using Work = std::function<long(FileOps&)>;
    long ask(Work work, std::function<void(FileOps&, long)> clean_up = nullptr) const;

    const std::shared_ptr<ThreadPool> pool_;  // owners: this object and the threads, which may outlive it
};

}  // namespace bodega::blobs
