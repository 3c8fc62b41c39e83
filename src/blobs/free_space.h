// The space that uploads may use on the shared directory's file system: all free space minus a reserve.
//
// The reserve is for operations that are needed to free space: sign-ins, deletions, the catalog's log. The reserve is
// never more than a tenth of the file system.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

// Thread-safe. `files` must outlive it.
class FreeSpace {
public:
    FreeSpace(FileOps& files, std::string folder, std::int64_t reserve);

    // Counts bytes that are about to be written. Returns false if they would use the reserve. Asks the file system once
    // a second, and each time before it returns false.
    bool take(std::int64_t bytes) noexcept;

    // Throws Error{no_space} if fewer than `bytes` may be used.
    void require(std::int64_t bytes);

    struct Figures {
        std::int64_t free = -1;     // free bytes on the file system; -1: unknown
        std::int64_t reserve = -1;  // number of free bytes that uploads must leave; -1: unknown
        bool is_short = false;      // true: less than twice the reserve is free
    };
    // Returns the reserve for a file system of `all` bytes, if `wanted` bytes are configured.
    static std::int64_t reserve_of(std::int64_t wanted, std::int64_t all) noexcept;

    // Asks the file system. Values that it does not report keep their last value.
    Figures look() noexcept;
    Figures last() const noexcept;

private:
    bool is_due(base::Milliseconds age) const noexcept;

    FileOps& files_;
    const std::string folder_;
    const std::int64_t wanted_;
    base::Mutex looking_;             // locked by the one thread that asks the file system
    std::atomic<std::int64_t> left_;  // bytes left for uploads at the last look(), minus the bytes written since
    std::atomic<std::int64_t> free_{-1}, reserve_{-1};
    std::atomic<base::Milliseconds> looked_at_{0};
};

}  // namespace bodega::blobs
