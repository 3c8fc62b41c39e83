// Answers with an operator's own files: a route's folder.
//
// A path below the route's is a file, or a folder's index.html; nothing that is hidden (".name"), no listing, and no
// symbolic link is followed. Beside "page.html", "page.html.br" and "page.html.gz" are taken for its compressed forms.
#pragma once

#include <memory>
#include <string>

#include "edge/files/blob_folder.h"
#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "edge/routing/routing.h"
#include "net/task.h"

namespace bodega::edge {

class FolderAnswers {
public:
    // It outlives this.
    explicit FolderAnswers(FileAnswers& files) noexcept : files_(files) {}

    // `path`: the request's, as route_path() reads it; all outlive the coroutine.
    Task<void> handle(Exchange& x, const Rule& rule, std::shared_ptr<const BlobFolder> folder, const std::string& path);

private:
    struct Found {
        std::shared_ptr<const Blob> blob;
        std::string_view coding;  // "br"; empty: as it is
    };

    Task<Found> find(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path);
    Task<void> answer(Exchange& x, const Rule& rule, const std::string& path, Found found);

    FileAnswers& files_;
};

}  // namespace bodega::edge
