// An open file that is to be sent, or its content in memory.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/files/blob_folder.h"

namespace bodega::edge {

// Immutable. Shared by the exchange's coroutine, a file pool thread that reads the file, and SmallFiles.
struct Blob {
    // Shared by the handler that was configured with the folder and by all files that were opened in it.
    std::shared_ptr<const BlobFolder> folder;
    std::string path;
    OpenFile file;
    std::optional<std::string> content;  // the complete content; `file` then has no descriptor
};

}  // namespace bodega::edge
