// A file of <shared>/incoming, or a new blob, that is being written. Only appends, reports every error, and keeps few
// dirty pages.
//
// Created by Store. Used by one thread at a time; the Store's FileOps must outlive it. Errors: Error{no_space},
// Error{io}. After an error the file's end is unknown: call truncate() or abandon the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "blobs/file_ops.h"
#include "blobs/handle.h"

namespace bodega::blobs {

class Incoming {
public:
    Incoming(FileOps& files, Handle fd, std::int64_t size) noexcept;

    // Appends. Every kWindow bytes, tells the kernel to start writing them to the disk, and waits if more than
    // kDirtyLimit bytes are not on the disk yet. So the sync() at the end is short, and one upload has only about
    // kDirtyLimit bytes of unwritten page cache. A large, aligned block is written directly to a local disk, past the
    // page cache, at half the CPU time.
    void write(std::span<const std::uint8_t> bytes);

    // Alignment of the memory, the offset and the size of a direct write.
    static constexpr std::size_t kAlignment = 4096;
    static constexpr std::size_t kDirectSize = std::size_t{256} << 10;

    std::int64_t size() const noexcept { return size_; }

    // Appends the next `bytes` of another file, from the offset where this file ends. Requires: the other file has
    // these bytes.
    void append_from(int file, std::int64_t bytes);

    // Returns once everything written is on the disk.
    void sync();

    // Cuts the file to `size` bytes; write() continues there. Requires: size <= size().
    void truncate(std::int64_t size);

    // Calls sync(), then closes the file and checks the result. No write can follow.
    void seal();

    static constexpr std::int64_t kWindow = std::int64_t{4} << 20;
    static constexpr std::int64_t kDirtyLimit = 8 * kWindow;

private:
    ssize_t copy_some(int file, std::int64_t bytes);
    std::span<const std::uint8_t> next_piece(std::span<const std::uint8_t> bytes);
    void pace();

    FileOps* files_;
    Handle fd_;
    std::int64_t size_ = 0;
    std::int64_t started_ = 0;  // the kernel was told to write the bytes below this offset
    bool direct_ = false;
    bool can_direct_ = true;
};

}  // namespace bodega::blobs
