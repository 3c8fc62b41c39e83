// The sessions and tokens of other accounts, and the end of a lock-out. For administrators.
#include "app/auth/account_credentials.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

app::AccountCredentials credentials_of(Call& call) { return app::AccountCredentials(call.services()); }

void list_user_sessions(Call& call) {
    const auto own = call.actor().session_id;
    call.respond_json(200, page_json(credentials_of(call).sessions(call.ulid("id")), "",
                                     [&](const store::Session& session) { return session_json(session, own); }));
}

void list_user_tokens(Call& call) {
    call.respond_json(200, page_json(credentials_of(call).tokens(call.ulid("id")), "", token_json));
}

void end_user_session(Call& call) {
    credentials_of(call).end_session(call.actor(), call.ulid("id"), call.ulid("session_id"));
    call.respond(204);
}

void end_user_token(Call& call) {
    credentials_of(call).end_token(call.actor(), call.ulid("id"), call.ulid("token_id"));
    call.respond(204);
}

void end_user_sessions(Call& call) {
    credentials_of(call).end_sessions(call.actor(), call.ulid("id"));
    call.respond(204);
}

void end_user_tokens(Call& call) {
    credentials_of(call).end_tokens(call.actor(), call.ulid("id"));
    call.respond(204);
}

void unlock_user(Call& call) {
    credentials_of(call).unlock(call.actor(), call.ulid("id"));
    call.respond(204);
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/users/{id}/sessions",
     list_user_sessions,
     Guard::admin,
     Body::none,
     {.summary = "An account's signed-in browsers", .response = "SessionList"}},
    {"DELETE",
     "/api/v1/users/{id}/sessions",
     end_user_sessions,
     Guard::admin,
     Body::none,
     {.summary = "Sign out all browsers of an account", .status = 204}},
    {"DELETE",
     "/api/v1/users/{id}/sessions/{session_id}",
     end_user_session,
     Guard::admin,
     Body::none,
     {.summary = "Sign out one browser of an account", .status = 204}},
    {"GET",
     "/api/v1/users/{id}/tokens",
     list_user_tokens,
     Guard::admin,
     Body::none,
     {.summary = "An account's API tokens", .response = "TokenList"}},
    {"DELETE",
     "/api/v1/users/{id}/tokens",
     end_user_tokens,
     Guard::admin,
     Body::none,
     {.summary = "Revoke all API tokens of an account", .status = 204}},
    {"DELETE",
     "/api/v1/users/{id}/tokens/{token_id}",
     end_user_token,
     Guard::admin,
     Body::none,
     {.summary = "Revoke one of an account's API tokens", .status = 204}},
    {"DELETE",
     "/api/v1/users/{id}/lockout",
     unlock_user,
     Guard::admin,
     Body::none,
     {.summary = "Clear an account's failed sign-ins, which ends a lock-out", .status = 204}},
};

}  // namespace

Routes user_credential_routes() { return kRoutes; }

}  // namespace bodega::web
