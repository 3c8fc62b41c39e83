// Answers a certificate authority's http-01 challenge (RFC 8555 section 8.3) from certbot's webroot. The webroot is in
// the shared folder, so every node can answer, whichever node runs certbot.
#pragma once

#include <memory>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "net/task.h"

namespace bodega::edge {

class ChallengeHandler {
public:
    // shared: the shared folder; certbot may create acme/ in it later. Requires: `files` outlives the ChallengeHandler.
    ChallengeHandler(FileHandler& files, std::shared_ptr<const BlobFolder> shared);

    static bool is_asked(std::string_view path) noexcept;

    // Answers, and returns true. Returns false without an answer if the webroot has no file for the challenge.
    // Requires: is_asked().
    net::Task<bool> handle(Exchange& x);

private:
    FileHandler& files_;
    const std::shared_ptr<const BlobFolder> shared_;  // shared with requests in flight
};

}  // namespace bodega::edge
