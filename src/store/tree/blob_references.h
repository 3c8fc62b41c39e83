// Keeps a blob's row in step with the entries and versions that refer to it.
//
// A blob may have several references: copies and restored versions share it. A caller that drops a reference sets
// released_at; the garbage collector checks that no reference is left before it removes the file. All functions require
// a transaction.
#pragma once

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// Adds a reference: clears released_at and locks the row until the commit, so that the garbage collector can't remove
// the blob meanwhile. Returns false if the blob is gone.
bool retain_blob(db::Connection& connection, const base::Ulid& blob_id);

// Drops a reference, and sets released_at to now on the database's clock.
void release_blob(db::Connection& connection, const base::Ulid& blob_id);

}  // namespace bodega::store
