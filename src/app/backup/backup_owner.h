// Makes a catalog the owner of its folder of backups. A folder that another catalog owns is neither written to nor
// pruned.
#pragma once

#include "blobs/backup_folder.h"
#include "db/pool.h"

namespace bodega::app {

// The writer to open a folder with. A snapshot of an older version, which names no catalog, counts as this catalog's if
// it has one of this catalog's accounts. adopts: see blobs::BackupFolder::Writer. Requires: the catalog is bound to its
// shared folder (FolderBinding), which gives it its id; the pool outlives the result.
blobs::BackupFolder::Writer backup_writer(db::Pool& catalog, bool adopts,
                                          blobs::FileOps& files = blobs::FileOps::kernel());

}  // namespace bodega::app
