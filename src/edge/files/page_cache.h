// Tells whether reading a part of a file would wait for the disk.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

namespace bodega::edge {

enum class Cached : std::uint8_t {
    yes,
    no,
    unknown,  // the file system can't tell; callers treat it as `no`
};

// Returns whether the page cache holds `count` bytes from `offset` on. Never waits for the disk. Uses cachestat(2) if
// the kernel has it. Otherwise tests only some of the bytes, so a later read may still block once.
Cached is_cached(int file, off_t offset, std::uint64_t count) noexcept;

// Reads bytes without waiting, if the page cache has them. Returns the number of bytes, or 0 at the file's end. Returns
// -1 and sets errno: EAGAIN if the read would wait, EOPNOTSUPP if the file system can't tell.
ssize_t read_cached(int file, std::span<char> out, off_t offset) noexcept;

}  // namespace bodega::edge
