// Answers with a file's bytes below the blobs folder, as the app asks for by X-Accel-Redirect.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edge/files/blob_folder.h"
#include "edge/exchange/exchange.h"
#include "edge/files/file_body.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"
#include "http/range.h"

namespace bodega::edge {

struct FileRequest {
    std::string location;  // X-Accel-Redirect: "/_blobs/ab/cd/<id>"
    std::string fields;    // the app's answer fields that pass on, as lines; without Content-Type
    bool has_date = false;
    // The validators for If-Range. Without a date for users' files: their owners set it, so that other bytes may have
    // the same one (RFC 9110 section 8.8.2.2).
    std::string etag;
    std::string last_modified;
    std::string content_type;
    std::optional<std::uint64_t> size;  // of the file, by the catalog; nullopt: not known
};

class FileAnswers {
public:
    // The worker outlives it.
    FileAnswers(Worker& worker, std::shared_ptr<const BlobFolder> blobs) noexcept
        : worker_(worker), blobs_(std::move(blobs)) {}

    // 200, 206 or 416 by the request's Range and If-Range (RFC 9110 section 14); 503 if the file can't be opened, or
    // has another size than it has to have: its bytes are not those of the entity tag.
    Task<void> send(Exchange& x, FileRequest file);

    // Off the loop's thread where it may block. The status says why there is none.
    struct Opened {
        OpenFile::Status status;
        std::shared_ptr<const Blob> blob;
    };
    // size: that it has to have. One that has another is opened once more, in case it was an outdated view of it.
    Task<Opened> open(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path,
                      std::optional<std::uint64_t> size = std::nullopt);
    // As send(), of a file that was opened; without a look at file.location.
    Task<void> send_opened(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob);

private:
    void refuse_damaged(Exchange& x, const FileRequest& file, const Opened& opened);
    Task<void> send_parts(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob,
                          std::vector<http::ByteRange> parts);
    Task<bool> send_text(Exchange& x, std::string text);

    Worker& worker_;
    const std::shared_ptr<const BlobFolder> blobs_;
};

}  // namespace bodega::edge
