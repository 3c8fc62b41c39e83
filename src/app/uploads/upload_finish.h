// The end of an upload whose last byte is there: it becomes a file. One that can't (its name was taken meanwhile, its
// folder is full or gone) stays whole on the disk, and takes a new decision; no byte of it is sent again.
// Thread-safe.
#pragma once

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/uploads/upload_lease.h"
#include "store/uploads/upload.h"

namespace bodega::app {

// Makes the upload a file, under its lease, which ends with it. Throws Error{checksum_mismatch}, which ends the upload;
// what place() throws; and what the disk throws.
// Requires: its file is sealed, and holds upload().length bytes with this digest.
base::Ulid finish_held(const Services& services, const Actor& actor, UploadLease& lease, const store::Sha256& sha256,
                       store::OnConflict on_conflict);

// The same for one of the actor's own that stayed whole. One that is a file already is that file, whatever the
// decision. Throws Error{not_found}, {gone}, {locked}: somebody finishes it just now, OffsetMismatch: bytes are
// missing.
base::Ulid finish_whole(const Services& services, const Actor& actor, const base::Ulid& id,
                        store::OnConflict on_conflict);

// The file that came of it, for its owner. Throws Error{gone} if it was removed since, and as role_now.
store::Entry finished_entry(const Services& services, const Actor& actor, const base::Ulid& entry_id);

}  // namespace bodega::app
