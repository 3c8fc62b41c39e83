// A file that was opened to be sent, or what it holds.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/files/blob_folder.h"

namespace bodega::edge {

// Immutable. Owners: the exchange's coroutine, a pool's thread that reads from it, and SmallFiles.
struct Blob {
    std::shared_ptr<const BlobFolder> folder;  // owners: who was configured with it, and what was opened in it
    std::string path;
    OpenFile file;
    std::optional<std::string> content;  // all of it; then `file` has no descriptor
};

}  // namespace bodega::edge
