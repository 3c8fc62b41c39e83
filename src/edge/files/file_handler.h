// Answers with bytes of a file below the blobs folder, which the app names with X-Accel-Redirect.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/files/blob_folder.h"
#include "edge/files/file_body.h"
#include "edge/files/small_files.h"
#include "http/range.h"
#include "net/task.h"

namespace bodega::edge {

struct FileRequest {
    std::string location;  // the value of X-Accel-Redirect: "/_blobs/<part>/<id>"
    // The field lines of the app's answer that the edge forwards to the client, without Content-Type.
    std::string fields;
    bool has_date = false;
    // The entity tag for If-Range. A file of a user has no date here: users can set dates, so a file with other bytes
    // may have the same date (RFC 9110 section 8.8.2.2).
    std::string etag;
    std::string last_modified;
    std::string content_type;
    std::optional<std::uint64_t> size;  // size of the file according to the catalog, if known
};

class FileHandler {
public:
    // Requires: the context outlives the FileHandler.
    FileHandler(LoopContext& context, std::shared_ptr<const BlobFolder> blobs)
        : context_(context), blobs_(std::move(blobs)) {
        follow_settings();
    }

    // Applies the context's settings after a reload.
    void follow_settings() { small_files_.limit_to(context_.file_memory); }

    // Answers 200, 206 or 416 according to the request's Range and If-Range (RFC 9110 section 14). Answers 503 if the
    // file can't be opened. Also answers 503 if the file's size is not the expected one, since its bytes then do not
    // match the entity tag.
    net::Task<void> send(Exchange& x, FileRequest file);

    // The result of open(). Without a blob, `status` is the status of the answer.
    struct Opened {
        OpenFile::Status status;
        std::shared_ptr<const Blob> blob;
    };
    // Opens a file, on the file pool if that may block. If its size is not the expected `size`, opens it once more,
    // since an NFS client may have an outdated state in its cache.
    net::Task<Opened> open(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path,
                           std::optional<std::uint64_t> size = std::nullopt);
    // Does what send() does, for a file that is already open. Ignores file.location.
    net::Task<void> send_opened(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob);

private:
    void report_damaged(Exchange& x, const FileRequest& file, const Opened& opened);
    net::Task<void> send_parts(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob,
                               std::vector<http::ByteRange> parts);
    net::Task<bool> send_text(Exchange& x, std::string text);

    LoopContext& context_;
    const std::shared_ptr<const BlobFolder> blobs_;
    SmallFiles small_files_;
};

}  // namespace bodega::edge
