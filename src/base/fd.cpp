#include "base/fd.h"

#include <unistd.h>

#include <cerrno>

namespace bodega::base {

void Fd::reset(int fd) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

int Fd::close_checked() noexcept {
    if (fd_ < 0) return 0;
    // Linux closes the descriptor even when it reports EINTR, so it is never closed twice.
    int result = ::close(std::exchange(fd_, -1));
    return result == 0 || errno == EINTR ? 0 : errno;
}

}  // namespace bodega::base
