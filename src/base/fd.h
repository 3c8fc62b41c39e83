// RAII ownership of a file descriptor.
#pragma once

#include <utility>

namespace bodega::base {

class Fd {
public:
    Fd() noexcept = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) reset(std::exchange(other.fd_, -1));
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }

    // Closes the current descriptor and takes over `fd`. Ignores the error of close(2): use close_checked() for a file
    // that was written.
    void reset(int fd = -1) noexcept;

    // Closes; returns 0 or the errno of close(2). On NFS, close(2) may be the first call to report a write error.
    int close_checked() noexcept;

private:
    int fd_ = -1;
};

}  // namespace bodega::base
