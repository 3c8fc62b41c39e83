// What those who write uploads share in a process that serves.
#pragma once

#include <string>

#include "app/uploads/upload_moves.h"
#include "base/body_recalls.h"
#include "base/held_uploads.h"

namespace bodega::app {

struct Writers {
    // folder: on the local disk, for the notes of what this process holds. The rest outlives it.
    Writers(base::BodyRecalls& all, const blobs::Store& blobs, const std::string& folder);

    base::BodyRecalls& recalls;
    base::HeldUploads held;
    UploadMoves moves;
};

// Releases what processes of this machine held that are gone: the next request goes on with the same files at once.
// Requires: services.writers.
void release_held_by_gone(const Services& services);

// Asks the writers of this process to stop whose uploads are wanted elsewhere. Requires: services.writers.
void answer_recalls(const Services& services);

}  // namespace bodega::app
