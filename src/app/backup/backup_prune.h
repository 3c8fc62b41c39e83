// Removes old backups, and the blobs that only those backups name.
#pragma once

#include <cstdint>
#include <string>

#include "blobs/backup_folder.h"

namespace bodega::app {

struct Pruned {
    std::int64_t snapshots = 0;
    std::int64_t blobs = 0;
};

// Keeps `keep` snapshots (at least 1): the newest ones and always `taken`, which was just made. Counts and removes only
// snapshots of the folder's own catalog; the snapshots and blobs of another catalog stay. If a remaining snapshot can't
// be read, throws what SnapshotReader throws and removes nothing. Requires: the folder is open for writing.
Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken);

}  // namespace bodega::app
