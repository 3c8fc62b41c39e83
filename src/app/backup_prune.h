// Old backups end, and with them the files that only they name.
#pragma once

#include <cstdint>

#include "blobs/backup_folder.h"

namespace bodega::app {

struct Pruned {
    std::int64_t snapshots = 0;
    std::int64_t blobs = 0;
};

// Keeps the newest `keep` snapshots (1 or more). Throws what SnapshotReader does for one of them that can't be read,
// and then removes nothing. Requires: the folder is this process's alone (Use::make).
Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep);

}  // namespace bodega::app
