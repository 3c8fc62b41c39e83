// Resumable uploads: made, looked at, listed, ended. Their bytes come by receive_part (upload_part.h).
//
// All of an upload is in the catalog and the shared directory, so any node, and a server that was started
// anew, goes on with it. It belongs to the account that made it, not to the session or token.
// Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/tree/creation.h"
#include "app/services.h"
#include "store/uploads/upload.h"

namespace bodega::app {

struct UploadRequest {
    const Grant& folder;
    std::string name;
    std::int64_t length = 0;  // or store::Upload::kDeferred
    std::optional<store::Sha256> sha256;
    store::OnConflict on_conflict = store::OnConflict::replace;
    std::string metadata;                                // kept as it is, for the client to read again
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; none: when it is whole
    std::optional<CreationKey> key = {};                 // that has made nothing yet: see find_created_upload
};

// Throws Error{forbidden}, {conflict}, {name_invalid}, {name_taken}, {too_large}, {quota_exceeded}, {no_space}, {io};
// {locked}: another call with the same key came first.
store::Upload create_upload(const Services& services, const UploadRequest& request);

// What the key has made, if that is still there. Throws Error{invalid} for a key of another request.
std::optional<store::Upload> find_created_upload(const Services& services, const Actor& actor,
                                                 const std::optional<CreationKey>& key);

// An upload of the actor's own. One that ended in a file is there until it is forgotten: received == length,
// and entry_id. Throws Error{not_found}, Error{gone} when it is expired.
store::Upload find_upload(const Services& services, const Actor& actor, const base::Ulid& id);

// The actor's own that are under way, newest first, at most kMostUploadsListed.
std::vector<store::Upload> list_uploads(const Services& services, const Actor& actor);
inline constexpr int kMostUploadsListed = 1000;

// Gives an upload up, whoever writes to it just now; the file of one that ended stays.
// Throws Error{not_found}, Error{gone}.
void end_upload(const Services& services, const Actor& actor, const base::Ulid& id);

}  // namespace bodega::app
