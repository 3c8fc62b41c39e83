// The first start: the one-time token in the server's output creates the first administrator.
#include "app/auth/setup.h"

#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void show_setup(Call& call) {
    app::Setup setup(call.services(), call.context().passwords);
    call.respond_json(200, {{"needed", setup.is_needed()}});
}

void complete_setup(Call& call) {
    const JsonBody body = call.json();
    app::Setup setup(call.services(), call.context().passwords);
    const std::string token = body.text("token"), username = body.text("username"), password = body.text("password");
    const app::SignedIn done = setup.redeem(token, username, password, call.origin());
    call.set_session_cookies(done.session.secret, done.device);
    call.respond_json(201, {{"user", user_json(done.user)},
                            {"session", session_json(done.session.session, done.session.session.id)}});
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/setup",
     show_setup,
     Guard::anonymous,
     Body::none,
     {.summary = "Whether the first administrator is missing", .response = "SetupState"}},
    {"POST",
     "/api/v1/setup",
     complete_setup,
     Guard::anonymous,
     Body::json,
     {.summary = "Create the first administrator and sign in",
      .request = "Setup",
      .response = "SignedIn",
      .status = 201},
     kSecretJsonBytes},
};

}  // namespace

Routes setup_routes() { return kRoutes; }

}  // namespace bodega::web
