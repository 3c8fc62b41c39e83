// Removes old backups, and the blobs that only they name.
#pragma once

#include <cstdint>
#include <string>

#include "blobs/backup_folder.h"

namespace bodega::app {

struct Pruned {
    std::int64_t snapshots = 0;
    std::int64_t blobs = 0;
};

// Keeps `keep` snapshots (1 or more): `taken`, the one that was just made, whatever its date, and the newest others.
// Counts and removes only snapshots of the folder's own catalog; another catalog's snapshots and their blobs stay.
// Throws what SnapshotReader throws if a snapshot that stays can't be read, and then removes nothing. Requires: the
// folder is open for writing.
Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken);

}  // namespace bodega::app
