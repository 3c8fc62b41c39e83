// Turns an upload whose last byte was received into a file. If that fails (its name was taken meanwhile, its space is
// full, its folder was deleted), the whole upload stays on the disk and can be finished with another decision about the
// name conflict, without sending bytes again. Thread-safe.
#pragma once

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/uploads/upload_lease.h"
#include "store/uploads/upload.h"

namespace bodega::app {

// Turns the upload into a file under its lease, and ends the lease. Throws Error{checksum_mismatch}, which ends the
// upload; what commit_file() throws; and what the disk throws. Requires: its file is sealed and holds upload().length
// bytes with this digest.
base::Ulid finish_held(const Services& services, const Actor& actor, UploadLease& lease, const store::Sha256& sha256,
                       store::OnConflict on_conflict);

// The same for an upload of the actor that stayed whole. If it is a file already, returns that file, whatever
// on_conflict says. Throws Error{not_found}, {gone}, {locked} if another request is finishing it, OffsetMismatch if
// bytes are missing.
base::Ulid finish_whole(const Services& services, const Actor& actor, const base::Ulid& id,
                        store::OnConflict on_conflict);

// The file that an upload became, for its owner. Throws Error{gone} if it was removed since, and what role_now throws.
store::Entry finished_entry(const Services& services, const Actor& actor, const base::Ulid& entry_id);

}  // namespace bodega::app
