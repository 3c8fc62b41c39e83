// Removes files from incoming that are no longer needed.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// Removes the file unless the catalog knows its id. Returns true if the file was removed. A committed file can be in
// incoming if a rename that timed out took effect after the commit; it is then moved back to the blobs. Throws what the
// catalog and the disk throw.
bool end_incoming_file(const Services& services, const base::Ulid& id);

// Does what end_incoming_file does, but logs errors instead of throwing: the garbage collector removes the file later.
void discard_incoming(const Services& services, const base::Ulid& id) noexcept;

}  // namespace bodega::app
