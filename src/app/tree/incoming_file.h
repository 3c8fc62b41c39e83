// Removes files from incoming that are not needed any more.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// Removes the file unless the catalog knows its id. A committed file can be in incoming too, if a rename that was given
// up took effect after the commit; it is moved back to the blobs. Returns true if the file was removed. Throws what the
// catalog and the disk throw.
bool end_incoming_file(const Services& services, const base::Ulid& id);

// The same, but logs what it throws: the garbage collector removes the file later.
void discard_incoming(const Services& services, const base::Ulid& id) noexcept;

}  // namespace bodega::app
