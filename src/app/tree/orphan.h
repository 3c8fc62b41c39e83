// Removes files without a row from the blobs' folder.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// True if the catalog knows the file: as a blob, or as an upload that may still be committed.
bool is_known(db::Connection& connection, const base::Ulid& id);

// Removes the file unless the catalog knows it. Returns true if the file existed. A PUT may have stalled for very long
// before its commit, so the blob's row is locked during the removal: the PUT then either already has its row, or finds
// that its bytes are gone (app/tree/published.h). Requires: the file is older than GarbageCollector::kLeastGrace.
// Throws what the disk and the catalog throw.
bool remove_orphan(const Services& services, const base::Ulid& id);

}  // namespace bodega::app
