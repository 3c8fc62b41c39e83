// Turns an upload into a file after its last byte was received. If that fails (the name was taken meanwhile, the space
// is full, the folder was deleted), all bytes stay on the disk. The client can then finish the upload with another
// on_conflict, and need not send bytes again. Thread-safe.
#pragma once

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/uploads/upload_lease.h"
#include "store/uploads/upload.h"

namespace bodega::app {

// Turns the upload into a file and ends its lease. Throws Error{checksum_mismatch} if the client announced another
// digest; the upload is then removed. Throws what commit_file() and the disk throw. Requires: the upload's file is
// sealed, and has upload().length bytes and this digest.
base::Ulid finish_held(const Services& services, const Actor& actor, UploadLease& lease, const store::Sha256& sha256,
                       store::OnConflict on_conflict);

// Turns an upload of the actor into a file, after finish_held() has failed and all bytes stayed on the disk. If the
// upload is a file already, returns that file and ignores on_conflict. Throws Error{not_found}, {gone}; {locked} if
// another request is finishing the upload; OffsetMismatch if bytes are missing.
base::Ulid finish_whole(const Services& services, const Actor& actor, const base::Ulid& id,
                        store::OnConflict on_conflict);

// Returns the file that an upload became. Throws Error{gone} if the file was removed meanwhile, and what role_now
// throws if the actor may not see the file's space.
store::Entry finished_entry(const Services& services, const Actor& actor, const base::Ulid& entry_id);

}  // namespace bodega::app
