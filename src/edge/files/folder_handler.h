// Answers with the operator's own files, from a route's folder.
//
// A path below the route's is a file, or a folder with an index.html. Hidden names (".name") are never served, folders
// are never listed, and symbolic links are never followed. "page.html.br" and "page.html.gz" beside "page.html" are
// its compressed forms.
#pragma once

#include <memory>
#include <string>

#include "edge/exchange/exchange.h"
#include "edge/files/blob_folder.h"
#include "edge/files/file_handler.h"
#include "edge/routing/routing.h"
#include "net/task.h"

namespace bodega::edge {

class FolderHandler {
public:
    // `files` outlives this object.
    explicit FolderHandler(FileHandler& files) noexcept : files_(files) {}

    // `path` is the request's path as route_path() reads it. All arguments outlive the coroutine.
    net::Task<void> handle(Exchange& x, const Rule& rule, std::shared_ptr<const BlobFolder> folder,
                           const std::string& path);

private:
    struct Found {
        std::shared_ptr<const Blob> blob;
        std::string_view coding;  // "br"; empty: identity
    };

    net::Task<Found> find(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path);
    net::Task<void> answer(Exchange& x, const Rule& rule, const std::string& path, Found found);

    FileHandler& files_;
};

}  // namespace bodega::edge
