// Tells whether reading a part of a file would wait for the disk.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

namespace bodega::edge {

enum class Cached : std::uint8_t {
    yes,
    no,
    unknown,  // the file system can't tell: treat it as no
};

// Checks if the page cache holds `count` bytes from `offset` on. Never waits for the disk itself. Uses cachestat(2)
// where the kernel has it, else samples pages; bytes between the samples may be missing, which costs one blocking
// read.
Cached is_cached(int file, off_t offset, std::uint64_t count) noexcept;

// Reads what the page cache has, without waiting. Returns the bytes read, 0 at the file's end, or -1 with errno
// (EAGAIN: it would wait; EOPNOTSUPP: the file system can't tell).
ssize_t read_cached(int file, std::span<char> out, off_t offset) noexcept;

}  // namespace bodega::edge
