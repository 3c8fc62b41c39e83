// The calls to a network's file system, which may be answered never: a dead NFS mount keeps whoever touches it, beyond
// any signal. Here the caller is let go; the call itself stays with one of a few threads.
//
// A watch asks the folder every second. While it is silent, every call that waits and every new one fails with
// ETIMEDOUT, at once; so callers, threads and memory stay bounded however long it lasts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "blobs/file_ops.h"

namespace bodega::blobs {

// Thread-safe. Not for direct writes: bytes are copied, since a call may outlive its caller.
class PatientFiles final : public FileOps {
public:
    struct Limits {
        int threads = 32;                         // that wait for answers, one call each; more calls wait for them
        std::chrono::milliseconds silence{3500};  // of the watch's question
        std::chrono::milliseconds call{30'000};   // any call, while the watch is answered
    };

    // folder: what the watch looks at. `files` outlives this and whatever hangs.
    PatientFiles(const std::string& folder, Limits limits, FileOps& files = FileOps::kernel());
    ~PatientFiles() override;
    PatientFiles(const PatientFiles&) = delete;
    PatientFiles& operator=(const PatientFiles&) = delete;

    // What the watch found last; never waits.
    bool answers() const;

    int open(const char* path, int flags, mode_t mode) override;
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override;
    ssize_t read_at(int fd, void* into, std::size_t size, off_t offset) override;
    ssize_t copy_range(int from, int to, off_t offset, std::size_t size) override;
    int truncate(int fd, off_t size) override;
    int sync_data(int fd) override;
    int sync_folder(int fd) override;
    int close(int fd) override;
    void let_go(int fd) noexcept override;
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
    class Crew;
    using Work = std::function<long(FileOps&)>;
    long ask(Work work, std::function<void(FileOps&, long)> unwanted = nullptr) const;

    const std::shared_ptr<Crew> crew_;  // owners: this, and the threads, which may outlive it
};

}  // namespace bodega::blobs
