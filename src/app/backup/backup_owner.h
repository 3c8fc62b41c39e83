// A catalog as the owner of its folder of backups. Another catalog's folder is neither written to nor pruned.
#pragma once

#include "blobs/backup_folder.h"
#include "db/pool.h"

namespace bodega::app {

// For opening a folder. A snapshot of an earlier version, which names no catalog, is this catalog's if it has one of
// its accounts. adopts: as of Writer. Requires: the catalog is bound to its shared folder (FolderBinding), which gives
// it its id; the pool outlives the result.
blobs::BackupFolder::Writer backup_writer(db::Pool& catalog, bool adopts,
                                          blobs::FileOps& files = blobs::FileOps::kernel());

}  // namespace bodega::app
