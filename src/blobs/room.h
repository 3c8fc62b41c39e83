// The room that uploads may fill on the shared directory's file system: all that is free, less a reserve.
//
// The reserve is for what frees room: sign-ins, deletions, the catalog's log. On a small file system it is a tenth of
// it at most.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

// Thread-safe. `files` outlives it.
class Room {
public:
    Room(FileOps& files, std::string folder, std::int64_t reserve);

    // Counts bytes that are about to be written. False: they would touch the reserve. The file system is asked once a
    // second, and before a refusal.
    bool take(std::int64_t bytes) noexcept;

    // Throws Error{no_space} if there is no room for so many bytes.
    void require(std::int64_t bytes);

    struct Figures {
        std::int64_t free = -1;     // on the file system; -1: not known
        std::int64_t reserve = -1;  // of that, what uploads leave
        bool is_short = false;      // less than twice the reserve is free
    };
    // Of a file system of so many bytes.
    static std::int64_t reserve_of(std::int64_t wanted, std::int64_t all) noexcept;

    // Asks the file system; what it does not answer stays as it was.
    Figures look() noexcept;
    Figures last() const noexcept;

private:
    bool is_due(base::Milliseconds age) const noexcept;

    FileOps& files_;
    const std::string folder_;
    const std::int64_t wanted_;
    std::mutex looking_;
    std::atomic<std::int64_t> left_;  // for uploads, as of the last look, less what was written since
    std::atomic<std::int64_t> free_{-1}, reserve_{-1};
    std::atomic<base::Milliseconds> looked_at_{0};
};

}  // namespace bodega::blobs
