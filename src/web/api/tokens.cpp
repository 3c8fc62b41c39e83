// API tokens.
#include "app/auth/api_tokens.h"
#include "base/error.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void list_tokens(Call& call) {
    app::ApiTokens tokens(call.services());
    call.respond_json(200, page_json(tokens.list(call.actor()), "", token_json));
}

store::TokenScope scope_of(const JsonBody& body) {
    const auto name = body.optional_text("scope");
    if (!name) return store::TokenScope::write;
    const auto scope = store::parse_token_scope(*name);
    if (!scope) throw base::Error(base::Code::invalid, "The field \"scope\" must be read, write or admin.");
    return *scope;
}

void create_token(Call& call) {
    const app::Actor& actor = call.actor();
    const JsonBody body = call.json();
    app::ApiTokens tokens(call.services());
    const app::NewToken made =
        tokens.create(actor, body.text("name"), scope_of(body), body.optional_integer("expires_at"));
    nlohmann::json view = token_json(made.token);
    view["token"] = made.secret;
    call.respond_json(201, view);
}

void delete_token(Call& call) {
    app::ApiTokens(call.services()).remove(call.actor(), call.ulid("id"));
    call.respond(204);
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/tokens",
     list_tokens,
     Guard::signed_in,
     Body::none,
     {.summary = "My API tokens", .response = "TokenList"}},
    {"POST",
     "/api/v1/tokens",
     create_token,
     Guard::signed_in,
     Body::json,
     {.summary = "Create an API token; its secret is shown only once",
      .request = "NewToken",
      .response = "TokenWithSecret",
      .status = 201},
     kSecretJsonBytes},
    {"DELETE",
     "/api/v1/tokens/{id}",
     delete_token,
     Guard::signed_in,
     Body::none,
     {.summary = "Revoke an API token", .status = 204}},
};

}  // namespace

Routes token_routes() { return kRoutes; }

}  // namespace bodega::web
