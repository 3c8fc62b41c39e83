// The state that the writers of uploads share in a process that serves.
#pragma once

#include <string>

#include "app/uploads/held_uploads.h"
#include "app/uploads/upload_moves.h"
#include "base/body_recalls.h"

namespace bodega::app {

struct Writers {
    // folder: a local folder for the notes about the leases that this process holds. blobs: outlive this object, like
    // every session, since a session's writer is registered in `recalls`.
    Writers(const blobs::Store& blobs, const std::string& folder);

    base::BodyRecalls recalls;
    HeldUploads held;
    UploadMoves moves;
};

// Releases the upload leases of processes of this machine that have ended, so that the next request continues with the
// same files at once. Requires: services.writers.
void release_held_by_gone(const Services& services);

// Asks those writers of this process to stop whose uploads are wanted elsewhere. Requires: services.writers.
void answer_recalls(const Services& services);

}  // namespace bodega::app
