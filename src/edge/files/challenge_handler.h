// Answers a certificate authority's http-01 challenge (RFC 8555 section 8.3) from certbot's webroot. The webroot is in
// the shared directory, so every node can answer, whichever node ran certbot.
#pragma once

#include <memory>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "net/task.h"

namespace bodega::edge {

class ChallengeHandler {
public:
    // shared: the folder in which acme/ is or will be. files: outlives this object.
    ChallengeHandler(FileHandler& files, std::shared_ptr<const BlobFolder> shared);

    static bool is_asked(std::string_view path) noexcept;

    // Returns true if it has answered. Returns false, without an answer, if there is no such file. Requires:
    // is_asked().
    net::Task<bool> handle(Exchange& x);

private:
    FileHandler& files_;
    const std::shared_ptr<const BlobFolder> shared_;  // owned by this object and by requests in flight
};

}  // namespace bodega::edge
