// What the shared directory does and how fast, found out with small files of its own below incoming/, which are removed
// again. For a person's judgement; nothing else depends on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "blobs/mount.h"
#include "blobs/store.h"

namespace bodega::blobs {

using Times = std::vector<std::chrono::microseconds>;  // from the shortest

struct FolderFacts {
    Mount mount;
    std::int64_t free_bytes = 0, all_bytes = 0;
    std::int64_t free_files = 0, all_files = 0;  // all 0: the file system has no such limit
    base::Milliseconds ahead = 0;                // the file system's clock less this machine's
    Times sync;                                  // of a new file of 4 KiB: write, fsync, close
    Times rename;                                // of such a file, with the folder's fsync
    Times open;                                  // of such a file, by its name, and reading it
    bool is_visible = true;   // what was renamed is at once under its new name alone, and has its bytes
    bool can_replace = true;  // rename takes another file's place
    bool excludes = true;     // flock keeps a second owner out
    std::string failure;      // the first call that failed, with its error; what follows it was not measured
};

// Takes a second or so on a slow file system. Never throws for what the directory does: that is a fact.
FolderFacts look_at(const Store& store);

}  // namespace bodega::blobs
