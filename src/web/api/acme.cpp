// An authority asks whose name this is (RFC 8555, section 8.3): the answer is in the catalog while a node orders.
#include "app/fleet/certificates.h"
#include "base/error.h"
#include "web/call/call.h"
#include "web/api/routes.h"

namespace bodega::web {
namespace {

void answer_challenge(Call& call) {
    auto answer = app::challenge_answer(call.services(), std::string(call.parameter("token")));
    if (!answer) throw base::Error(base::Code::not_found, "nobody asked for a certificate with that token");
    call.respond_text(200, "application/octet-stream", *answer);
    call.set_header("Cache-Control", "no-store");
}

constexpr Route kRoutes[] = {
    {"GET",
     "/.well-known/acme-challenge/{token}",
     answer_challenge,
     Guard::anonymous,
     Body::none,
     {.summary = "What proves a name to an authority that issues certificates"}},
};

}  // namespace

Routes acme_routes() { return kRoutes; }

}  // namespace bodega::web
