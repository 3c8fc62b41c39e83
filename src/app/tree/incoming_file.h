// Removes files from incoming that are no longer needed.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// Removes the file from incoming, unless the catalog knows its id. Returns true if the file was removed. A file that is
// committed as a blob is moved back to the blobs instead: a file call that timed out may have moved it to incoming
// after the commit. Throws what the catalog and the disk throw.
bool end_incoming_file(const Services& services, const base::Ulid& id);

// Does what end_incoming_file does, but logs errors instead of throwing: the garbage collector removes the file later.
void discard_incoming(const Services& services, const base::Ulid& id) noexcept;

}  // namespace bodega::app
