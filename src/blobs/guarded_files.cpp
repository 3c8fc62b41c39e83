#include "blobs/guarded_files.h"

#include <fcntl.h>

#include <cerrno>

namespace bodega::blobs {

bool GuardedFiles::refuses() const noexcept {
    if (forbidden_) errno = EROFS;
    return forbidden_;
}

int GuardedFiles::open(const char* path, int flags, mode_t mode) {
    const bool changes = (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
    return changes && refuses() ? -1 : files_.open(path, flags, mode);
}

bool GuardedFiles::leaves_reserve(std::size_t size) const noexcept {
    if (!free_space_ || free_space_->take(static_cast<std::int64_t>(size))) return true;
    errno = ENOSPC;
    return false;
}

ssize_t GuardedFiles::write_at(int fd, const void* from, std::size_t size, off_t offset) {
    return leaves_reserve(size) ? files_.write_at(fd, from, size, offset) : -1;
}

ssize_t GuardedFiles::copy_range(int from, int to, off_t offset, std::size_t size) {
    return leaves_reserve(size) ? files_.copy_range(from, to, offset, size) : -1;
}

int GuardedFiles::truncate(int fd, off_t size) { return refuses() ? -1 : files_.truncate(fd, size); }

int GuardedFiles::rename(const char* from, const char* to) { return refuses() ? -1 : files_.rename(from, to); }

int GuardedFiles::unlink(const char* path) { return refuses() ? -1 : files_.unlink(path); }

int GuardedFiles::make_folder(const char* path, mode_t mode) { return refuses() ? -1 : files_.make_folder(path, mode); }

}  // namespace bodega::blobs
