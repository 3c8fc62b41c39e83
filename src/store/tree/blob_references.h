// Keeps a blob's row in step with the entries and versions that point at it.
//
// A blob may have several (copies and restored versions share it). Whoever lets go of one sets released_at;
// the sweeper looks whether any is left before it ends the file. All functions require a transaction.
#pragma once

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// Takes one more reference: clears released_at and holds the row until the commit, so that the sweeper
// can't end it meanwhile. False: the blob is gone.
bool retain_blob(db::Connection& connection, const base::Ulid& blob_id);

// Lets go of one reference, now on the database's clock.
void release_blob(db::Connection& connection, const base::Ulid& blob_id);

}  // namespace bodega::store
