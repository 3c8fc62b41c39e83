// A file that was opened to be sent, or its content in memory.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/files/blob_folder.h"

namespace bodega::edge {

// Immutable. Owners: the exchange's coroutine, a file pool thread that reads it, and SmallFiles.
struct Blob {
    // Owners: the handler that was configured with it, and the files opened in it.
    std::shared_ptr<const BlobFolder> folder;
    std::string path;
    OpenFile file;
    std::optional<std::string> content;  // the whole content; `file` then has no descriptor
};

}  // namespace bodega::edge
