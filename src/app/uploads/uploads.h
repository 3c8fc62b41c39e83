// Creates, finds, lists and ends resumable uploads. receive_part (upload_part.h) receives their bytes.
//
// An upload's state is only in the catalog and the shared directory. So any node can continue it, even after a restart.
// It belongs to the account that created it, not to a session or token. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/tree/creation.h"
#include "store/uploads/upload.h"

namespace bodega::app {

struct UploadRequest {
    const Grant& folder;
    std::string name;
    std::int64_t length = 0;  // bytes, or store::Upload::kDeferred
    std::optional<store::Sha256> sha256;
    store::OnConflict on_conflict = store::OnConflict::replace;
    std::string metadata;  // text of the client, which is returned to it unchanged
    // The file's own date. If empty, the file gets the time of its completion.
    std::optional<base::Milliseconds> modified_at = {};
    std::optional<CreationKey> key = {};  // a key that has created nothing yet, see find_created_upload
};

// Creates an upload. Throws Error{forbidden}, {conflict}, {name_invalid}, {name_taken}, {too_large}, {quota_exceeded},
// {no_space}, {io}; {locked} if a concurrent call with the same key has created an upload.
store::Upload create_upload(const Services& services, const UploadRequest& request);

// Returns the upload that the key has created, if it still exists. Throws Error{key_reused} if the key was sent with a
// different request.
std::optional<store::Upload> find_created_upload(const Services& services, const Actor& actor,
                                                 const std::optional<CreationKey>& key);

// Returns an upload of the actor. An upload that became a file is found for another day, with received == length and
// with entry_id set. Throws Error{not_found}; Error{gone} if the upload has expired.
store::Upload find_upload(const Services& services, const Actor& actor, const base::Ulid& id);

// The actor's unfinished uploads, newest first, at most kMaxUploadsListed.
std::vector<store::Upload> list_uploads(const Services& services, const Actor& actor);
inline constexpr int kMaxUploadsListed = 1000;

// Cancels an upload, even while a writer writes to it. The file of a completed upload stays. Throws Error{not_found},
// Error{gone}.
void end_upload(const Services& services, const Actor& actor, const base::Ulid& id);

}  // namespace bodega::app
