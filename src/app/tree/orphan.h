// The end of a file among the blobs that no row names.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// True if the catalog knows the file: as a blob, or as an upload whose commit may still come.
bool is_known(db::Connection& connection, const base::Ulid& id);

// Removes the file unless the catalog knows it; true if it was there. A PUT whose commit is still to come, however long
// it was stalled, is shut out meanwhile by the lock of the blob's row: it has its row, or finds its bytes gone
// (app/tree/published.h). Requires: a file older than Sweeper::kLeastGrace. Throws what the disk and the catalog do.
bool remove_orphan(const Services& services, const base::Ulid& id);

}  // namespace bodega::app
