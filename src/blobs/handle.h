// An open file of the shared directory, or one of its folders. Closing one can hang as any other call there, so it is
// the FileOps that closes it.
#pragma once

#include <utility>

#include "blobs/file_ops.h"

namespace bodega::blobs {

// One thread at a time; the FileOps outlives it.
class Handle {
public:
    // fd: what FileOps::open gave, -1 too.
    Handle(FileOps& files, int fd) noexcept : files_(&files), fd_(fd) {}
    Handle(Handle&& other) noexcept : files_(other.files_), fd_(std::exchange(other.fd_, -1)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(files_, other.files_);
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Handle() {
        if (fd_ >= 0) files_->let_go(fd_);
    }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    FileOps* files_;
    int fd_;
};

}  // namespace bodega::blobs
