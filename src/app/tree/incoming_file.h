// The end of a file in incoming that nobody needs any more.
#pragma once

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

// Removes the file unless the catalog knows its id. A committed file can be there too: a rename that was given up, and
// happened after the commit, has brought it back. It is put in its place among the blobs again. True: it was removed.
// Throws what the catalog and the disk throw.
bool end_incoming_file(const Services& services, const base::Ulid& id);

// The same for what the sweeper would come to as well: logs what it throws.
void discard_incoming(const Services& services, const base::Ulid& id) noexcept;

}  // namespace bodega::app
