// Answers with a file's bytes below the blobs folder, as the app asks for by X-Accel-Redirect.
#pragma once

#include <string>

#include "edge/blob_folder.h"
#include "edge/exchange.h"
#include "edge/range.h"
#include "edge/task.h"
#include "edge/worker.h"

namespace bodega::edge {

struct FileRequest {
    std::string location;  // X-Accel-Redirect: "/_blobs/ab/cd/<id>"
    std::string fields;    // the app's answer fields that pass on, as lines
    bool has_date = false;
    std::string etag;  // the app's validators, for If-Range
    std::string last_modified;
    std::string content_type;
};

class FileAnswers {
public:
    // The folder outlives it.
    FileAnswers(Worker& worker, const BlobFolder& blobs) noexcept : worker_(worker), blobs_(blobs) {}

    Task<void> send(Exchange& x, FileRequest file);

private:
    Task<bool> send_bytes(Exchange& x, int fd, ByteRange range);
    Worker& worker_;
    const BlobFolder& blobs_;
};

}  // namespace bodega::edge
