// Measures what the shared directory supports and how fast it is, with small files below incoming/, which are removed
// again. The result is for a person; nothing else depends on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "blobs/mount.h"
#include "blobs/store.h"

namespace bodega::blobs {

using Times = std::vector<std::chrono::microseconds>;  // sorted, the shortest time first

struct FolderProbe {
    Mount mount;
    std::int64_t free_bytes = 0, all_bytes = 0;
    std::int64_t free_files = 0, all_files = 0;  // all_files is 0 if the file system has no such limit
    base::Milliseconds ahead = 0;                // the file system's clock minus this machine's
    Times sync;                                  // times of write, fsync and close of a new file of 4 KiB
    Times rename;                                // times of the rename of such a file, with the fsync of the folder
    Times open;                                  // times of open and read of such a file by its name
    // true: a renamed file is visible at once, under its new name only, with its bytes.
    bool is_visible = true;
    bool can_replace = true;  // rename replaces an existing file
    bool excludes = true;     // a second flock of a locked file fails
    std::string failure;      // the first call that failed, with its error; later steps were not measured
};

// Takes about a second on a slow file system. Does not throw for a failing directory: the result reports it.
FolderProbe look_at(const Store& store);

}  // namespace bodega::blobs
