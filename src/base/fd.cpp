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
    // Does not repeat close(2) after EINTR: Linux has closed the descriptor by then, and another thread may have its
    // number.
    int result = ::close(std::exchange(fd_, -1));
    return result == 0 || errno == EINTR ? 0 : errno;
}

}  // namespace bodega::base
