// Answers an authority that asks whose name this is (RFC 8555 section 8.3, http-01), from certbot's webroot in the
// shared directory: whichever node certbot ran on, any of them answers.
#pragma once

#include <memory>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "net/task.h"

namespace bodega::edge {

class ChallengeAnswers {
public:
    // `shared`: the folder in which acme/ is, now or later. `files` outlives this.
    ChallengeAnswers(FileAnswers& files, std::shared_ptr<const BlobFolder> shared);

    static bool is_asked(std::string_view path) noexcept;

    // Whether it was answered; false: there is no such file, and nothing was sent. Requires: is_asked().
    Task<bool> handle(Exchange& x);

private:
    FileAnswers& files_;
    const std::shared_ptr<const BlobFolder> shared_;  // owners: this, and requests on their way
};

}  // namespace bodega::edge
