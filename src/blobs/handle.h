// An open file or folder of the shared directory. A close can hang like any other call on that directory, so the
// FileOps closes the descriptor.
#pragma once

#include <utility>

#include "blobs/file_ops.h"

namespace bodega::blobs {

// Used by one thread at a time; the FileOps must outlive it.
class Handle {
public:
    // `fd` is the result of FileOps::open, which may be -1.
    Handle(FileOps& files, int fd) noexcept : files_(&files), fd_(fd) {}
    Handle(Handle&& other) noexcept : files_(other.files_), fd_(std::exchange(other.fd_, -1)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(files_, other.files_);
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Handle() {
        if (fd_ >= 0) files_->close_quietly(fd_);
    }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    FileOps* files_;
    int fd_;
};

}  // namespace bodega::blobs
