// Answers a certificate authority's http-01 challenge (RFC 8555 section 8.3) from certbot's webroot in the shared
// directory, so that every node can answer, whichever node certbot ran on.
#pragma once

#include <memory>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "net/task.h"

namespace bodega::edge {

class ChallengeHandler {
public:
    // `shared` is the folder that contains acme/, now or later. `files` outlives this object.
    ChallengeHandler(FileHandler& files, std::shared_ptr<const BlobFolder> shared);

    static bool is_asked(std::string_view path) noexcept;

    // Returns true if it answered; false if there is no such file, and nothing was sent. Requires: is_asked().
    net::Task<bool> handle(Exchange& x);

private:
    FileHandler& files_;
    const std::shared_ptr<const BlobFolder> shared_;  // owners: this, and requests in flight
};

}  // namespace bodega::edge
