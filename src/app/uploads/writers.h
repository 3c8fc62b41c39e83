// The state that all writers of uploads in one process share. Only a process that serves has it.
#pragma once

#include <string>

#include "app/uploads/held_uploads.h"
#include "app/uploads/upload_moves.h"
#include "base/body_recalls.h"

namespace bodega::app {

struct Writers {
    // folder: a local folder in which `held` records the leases of this process. Requires: this object outlives every
    // session, since the sessions register their writers in `recalls`.
    Writers(const blobs::Store& blobs, const std::string& folder);

    base::BodyRecalls recalls;
    HeldUploads held;
    UploadMoves moves;
};

// Releases the leases that ended processes of this machine held on uploads. The next request for such an upload then
// continues with the same file at once. Requires: services.writers.
void release_held_by_gone(const Services& services);

// Asks writers of this process to stop if another node wants to continue their uploads. Requires: services.writers.
void answer_recalls(const Services& services);

}  // namespace bodega::app
