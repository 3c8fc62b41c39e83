// Sign-in, sign-out, the caller's sessions and the caller's password.
#include "app/auth/accounts.h"
#include "app/auth/sign_in.h"
#include "base/version.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

using nlohmann::json;

app::SignIn sign_in_of(Call& call) { return {call.services(), call.context().passwords, &call.context().sign_ins}; }

void sign_in(Call& call) {
    const JsonBody body = call.json();
    const std::string username = body.text("username"), password = body.text("password");
    const app::SignedIn done = sign_in_of(call).sign_in(username, password, call.origin(), call.device());
    call.set_session_cookies(done.session.secret, done.device);
    call.respond_json(200, {{"user", user_json(done.user)},
                            {"session", session_json(done.session.session, done.session.session.id)}});
}

json own_session(Call& call) {
    const app::Actor& actor = call.actor();
    for (const store::Session& session : sign_in_of(call).sessions(actor))
        if (session.id == actor.session_id) return session_json(session, actor.session_id);
    return nullptr;
}

void show_session(Call& call) {
    app::Accounts accounts(call.services(), call.context().passwords);
    const app::Actor& actor = call.actor();
    const config::Config& config = call.config();
    call.respond_json(200, {{"user", user_json(accounts.get(actor.user_id))},
                            {"session", actor.session_id ? own_session(call) : json(nullptr)},
                            {"server",
                             {{"version", base::version()},
                              {"max_file", config.files.max_file},
                              {"password_min_length", config.accounts.password_min_length},
                              {"trash_keep", config.files.trash_keep.count()}}}});
}

void sign_out(Call& call) {
    sign_in_of(call).sign_out(call.actor());
    call.end_session_cookie();
    call.respond(204);
}

void list_sessions(Call& call) {
    const app::Actor& actor = call.actor();
    call.respond_json(200, page_json(sign_in_of(call).sessions(actor), "", [&](const store::Session& session) {
                          return session_json(session, actor.session_id);
                      }));
}

void end_session(Call& call) {
    const app::Actor& actor = call.actor();
    const base::Ulid id = call.ulid("id");
    sign_in_of(call).end_session(actor, id);
    if (id == actor.session_id) call.end_session_cookie();
    call.respond(204);
}

void end_other_sessions(Call& call) {
    sign_in_of(call).end_other_sessions(call.actor());
    call.respond(204);
}

void change_password(Call& call) {
    const app::Actor& actor = call.actor();
    const JsonBody body = call.json();
    const std::string current = body.text("current_password"), fresh = body.text("new_password");
    sign_in_of(call).change_password(actor, current, fresh, body.optional_boolean("end_tokens").value_or(false));
    call.respond(204);
}

constexpr Route kRoutes[] = {
    {"POST",
     "/api/v1/session",
     sign_in,
     Guard::anonymous,
     Body::json,
     {.summary = "Sign in", .request = "SignIn", .response = "SignedIn"},
     kSecretJsonBytes},
    {"GET",
     "/api/v1/session",
     show_session,
     Guard::signed_in,
     Body::none,
     {.summary = "Who am I", .response = "WhoAmI"}},
    {"DELETE", "/api/v1/session", sign_out, Guard::signed_in, Body::none, {.summary = "Sign out", .status = 204}},
    {"GET",
     "/api/v1/sessions",
     list_sessions,
     Guard::signed_in,
     Body::none,
     {.summary = "My signed-in browsers", .response = "SessionList"}},
    {"DELETE",
     "/api/v1/sessions",
     end_other_sessions,
     Guard::signed_in,
     Body::none,
     {.summary = "Sign out all my other browsers", .status = 204}},
    {"DELETE",
     "/api/v1/sessions/{id}",
     end_session,
     Guard::signed_in,
     Body::none,
     {.summary = "Sign out one browser", .status = 204}},
    {"PUT",
     "/api/v1/password",
     change_password,
     Guard::signed_in,
     Body::json,
     {.summary = "Change my password; ends all my other sessions and, if asked for, my tokens",
      .request = "PasswordChange",
      .status = 204},
     kSecretJsonBytes},
};

}  // namespace

Routes session_routes() { return kRoutes; }

}  // namespace bodega::web
