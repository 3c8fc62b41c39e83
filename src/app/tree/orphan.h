// Removes files among the blobs that have no row.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// True if the catalog knows the file: as a blob, or as an upload whose commit may still come.
bool is_known(db::Connection& connection, const base::Ulid& id);

// Removes the file unless the catalog knows it. Returns true if it was there. Locks the blob's row meanwhile against a
// PUT whose commit is still to come, however long it was stalled: that PUT either has its row already, or finds its
// bytes gone (app/tree/published.h). Requires: a file older than GarbageCollector::kLeastGrace. Throws what the disk
// and the catalog throw.
bool remove_orphan(const Services& services, const base::Ulid& id);

}  // namespace bodega::app
