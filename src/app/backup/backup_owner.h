// Makes a catalog the owner of its backup folder. bodega neither writes to nor prunes a folder that another catalog
// owns.
#pragma once

#include "blobs/backup_folder.h"
#include "db/pool.h"

namespace bodega::app {

// Returns the Writer with which this catalog opens a backup folder. Snapshots name the catalog that took them, except
// those of older versions. A snapshot without that name counts as this catalog's if it contains one of this catalog's
// accounts. adopts: see blobs::BackupFolder::Writer. Requires: the catalog is bound to its shared folder
// (FolderBinding) and so has an id. The pool outlives the result.
blobs::BackupFolder::Writer backup_writer(db::Pool& catalog, bool adopts,
                                          blobs::FileOps& files = blobs::FileOps::kernel());

}  // namespace bodega::app
