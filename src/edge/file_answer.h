// Answers with a file's bytes below the blobs folder, as the app asks for by X-Accel-Redirect.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "edge/blob_folder.h"
#include "edge/exchange.h"
#include "edge/file_body.h"
#include "edge/range.h"
#include "edge/task.h"
#include "edge/worker.h"

namespace bodega::edge {

struct FileRequest {
    std::string location;  // X-Accel-Redirect: "/_blobs/ab/cd/<id>"
    std::string fields;    // the app's answer fields that pass on, as lines; without Content-Type
    bool has_date = false;
    std::string etag;  // the app's validators, for If-Range
    std::string last_modified;
    std::string content_type;
};

class FileAnswers {
public:
    // Both outlive it.
    FileAnswers(Worker& worker, const BlobFolder& blobs) noexcept : worker_(worker), blobs_(blobs) {}

    // 200, 206 or 416 by the request's Range and If-Range (RFC 9110 section 14); 503 if the file can't be opened.
    Task<void> send(Exchange& x, FileRequest file);

private:
    Task<std::shared_ptr<const Blob>> open(Exchange& x, std::string path);
    Task<void> send_opened(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob);
    Task<void> send_parts(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob,
                          std::vector<ByteRange> parts);
    Task<bool> send_text(Exchange& x, std::string text);

    Worker& worker_;
    const BlobFolder& blobs_;
};

}  // namespace bodega::edge
