// Answers with the operator's own files, from a route's folder.
//
// The rest of the path after the route's path names a file, or a folder with an index.html. Hidden files (".name") are
// not served, folders are not listed, and symbolic links are not followed. "page.html.br" and "page.html.gz" are
// compressed forms of "page.html".
#pragma once

#include <memory>
#include <string>

#include "edge/exchange/exchange.h"
#include "edge/files/blob_folder.h"
#include "edge/files/file_handler.h"
#include "edge/routing/configured_routes.h"
#include "net/task.h"

namespace bodega::edge {

class FolderHandler {
public:
    // Requires: `files` outlives the FolderHandler.
    explicit FolderHandler(FileHandler& files) noexcept : files_(files) {}

    // path: the request's path as route_path() returns it. Requires: all arguments outlive the coroutine.
    net::Task<void> handle(Exchange& x, const ConfiguredRoute& rule, std::shared_ptr<const BlobFolder> folder,
                           const std::string& path);

private:
    struct Found {
        std::shared_ptr<const Blob> blob;
        std::string_view coding;  // content coding: "br" or "gzip"; empty if not compressed
    };

    net::Task<Found> find(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path);
    net::Task<void> answer(Exchange& x, const ConfiguredRoute& rule, const std::string& path, Found found);

    FileHandler& files_;
};

}  // namespace bodega::edge
