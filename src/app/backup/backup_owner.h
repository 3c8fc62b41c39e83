// Makes a catalog the owner of its backup folder. bodega neither writes to nor prunes a folder that another catalog
// owns.
#pragma once

#include "blobs/backup_folder.h"
#include "db/pool.h"

namespace bodega::app {

// Returns what identifies this catalog when it opens a backup folder for writing. A snapshot that an older version took
// names no catalog. It counts as this catalog's snapshot if it contains one of this catalog's accounts. adopts: see
// blobs::BackupFolder::Writer. Requires: the catalog is bound to its shared folder (FolderBinding) and so has an id.
// The pool outlives the result.
blobs::BackupFolder::Writer backup_writer(db::Pool& catalog, bool adopts,
                                          blobs::FileOps& files = blobs::FileOps::kernel());

}  // namespace bodega::app
