// A file system that can be switched to refuse changes. Calls that would create, truncate, rename or remove a file then
// fail with EROFS. Reads continue, and so do writes to a file that is already open.
//
// A write that would use the file system's reserve (blobs/free_space.h) fails with ENOSPC.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "blobs/file_ops.h"
#include "blobs/free_space.h"

namespace bodega::blobs {

// Thread-safe. `files` and `room` must outlive it.
class GuardedFiles final : public FileOps {
public:
    explicit GuardedFiles(FileOps& files, FreeSpace* free_space = nullptr) : files_(files), free_space_(free_space) {}

    void forbid_changes(bool forbid) noexcept { forbidden_ = forbid; }
    bool is_forbidden() const noexcept { return forbidden_; }

    int open(const char* path, int flags, mode_t mode) override;
    int truncate(int fd, off_t size) override;
    int rename(const char* from, const char* to) override;
    int unlink(const char* path) override;
    int make_folder(const char* path, mode_t mode) override;

    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override;
    ssize_t copy_range(int from, int to, off_t offset, std::size_t size) override;
    ssize_t read_at(int fd, void* into, std::size_t size, off_t offset) override {
        return files_.read_at(fd, into, size, offset);
    }
    int sync_data(int fd) override { return files_.sync_data(fd); }
    int sync_folder(int fd) override { return files_.sync_folder(fd); }
    int close(int fd) override { return files_.close(fd); }
    void close_quietly(int fd) noexcept override { files_.close_quietly(fd); }
    int status(const char* path, struct stat& out) override { return files_.status(path, out); }
    int status_of(int fd, struct stat& out) override { return files_.status_of(fd, out); }
    int space(const char* path, struct statvfs& out) override { return files_.space(path, out); }
    int list(const char* path, std::vector<std::string>& names) override { return files_.list(path, names); }
    int touch(int fd) override { return files_.touch(fd); }
    bool set_direct(int fd, bool on) override { return files_.set_direct(fd, on); }
    void start_writeback(int fd, off_t offset, off_t size) override { files_.start_writeback(fd, offset, size); }
    void await_writeback(int fd, off_t offset, off_t size) override { files_.await_writeback(fd, offset, size); }

private:
    bool refuses() const noexcept;
    bool leaves_reserve(std::size_t size) const noexcept;

    FileOps& files_;
    FreeSpace* const free_space_;
    std::atomic<bool> forbidden_ = false;
};

}  // namespace bodega::blobs
