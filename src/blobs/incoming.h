// A file of <shared>/incoming that is being written: only appended to, every error seen, its dirty pages kept few.
//
// Made by Store. One thread at a time; the Store's FileOps must outlive it. Errors: Error{no_space}, Error{io}.
// After an error the file's end is unknown: truncate() or give it up.
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

    // Appends. The kernel is told to write what is complete, and is waited for when it falls behind: so the
    // sync() at the end is short, and one upload holds at most kDirtyLimit of page cache that is not written.
    // A large, aligned block goes to a local disk directly, past the page cache: half the processor's time.
    void write(std::span<const std::uint8_t> bytes);

    static constexpr std::size_t kAlignment = 4096;  // of memory, offset and size for that
    static constexpr std::size_t kDirectSize = std::size_t{256} << 10;

    std::int64_t size() const noexcept { return size_; }

    // Appends the next `bytes` of another file, from the offset where this one ends. Requires: it has so many.
    void append_from(int file, std::int64_t bytes);

    // When it returns, all that was written is on the disk.
    void sync();

    // Cuts the file to `size` bytes, from where write() goes on. Requires: size <= size().
    void truncate(std::int64_t size);

    // sync() and a checked close: nothing can be written any more.
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
    std::int64_t started_ = 0;  // writeback was asked for below this offset
    bool direct_ = false;
    bool can_direct_ = true;
};

}  // namespace bodega::blobs
