// The challenge answers of HTTP-01 (RFC 8555 section 8.3). While a node orders a certificate, its answers are in the
// catalog, so that any node can send them.
#include "app/fleet/certificates.h"
#include "base/error.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void answer_challenge(Call& call) {
    auto answer = app::challenge_answer(call.services(), std::string(call.parameter("token")));
    if (!answer) throw base::Error(base::Code::not_found, "No certificate order uses this token.");
    call.respond_text(200, "application/octet-stream", *answer);
    call.set_header("Cache-Control", "no-store");
}

constexpr Route kRoutes[] = {
    {"GET",
     "/.well-known/acme-challenge/{token}",
     answer_challenge,
     Guard::anonymous,
     Body::none,
     {.summary = "The answer to a challenge of a certificate authority (ACME HTTP-01)"}},
};

}  // namespace

Routes acme_routes() { return kRoutes; }

}  // namespace bodega::web
