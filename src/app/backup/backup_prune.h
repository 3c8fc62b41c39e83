// Removes old backups, and the files that only they name.
#pragma once

#include <cstdint>
#include <string>

#include "blobs/backup_folder.h"

namespace bodega::app {

struct Pruned {
    std::int64_t snapshots = 0;
    std::int64_t blobs = 0;
};

// Keeps `taken`, the snapshot that was just made, whatever its date, and the newest others, `keep` in all (1 or more).
// Only snapshots of the folder's own catalog are counted and removed; another's, and the files that they name, stay.
// Throws what SnapshotReader does for one that stays and can't be read, and then removes nothing. Requires: the folder
// is open for writing.
Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken);

}  // namespace bodega::app
