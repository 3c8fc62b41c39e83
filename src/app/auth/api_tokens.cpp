#include "app/auth/api_tokens.h"

#include "app/auth/audit.h"
#include "app/auth/sign_in.h"
#include "app/names/display_name.h"
#include "base/error.h"
#include "base/random.h"
#include "store/auth/sessions.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::int64_t kMaxTokens = 100;  // the most tokens of one account

// Locks the account's row against a concurrent password reset. A reset that commits later removes the new token. A
// reset that committed earlier has removed the session, so this function throws.
void require_session_now(db::Connection& connection, const Actor& actor) {
    const auto account = store::Users(connection).lock_sign_in(actor.user_id);
    if (!account || account->disabled || !store::Sessions(connection).find(*actor.session_id))
        throw Error(Code::unauthenticated, "That sign-in is not valid any more. Sign in again.");
}

}  // namespace

std::vector<store::Token> ApiTokens::list(const Actor& actor) {
    return services_.catalog.read(
        [&](db::Connection& connection) { return store::Tokens(connection).list(actor.user_id); });
}

NewToken ApiTokens::create(const Actor& actor, std::string_view name, store::TokenScope scope,
                           std::optional<base::Milliseconds> expires_at) {
    require_session(actor);
    const std::string secret = std::string(Credential::token_prefix(scope)) + base::random_secret();
    store::NewToken row;
    row.id = base::Ulid::make();
    row.hash = Credential::from_secret(Credential::Kind::token, secret).hash;
    row.scope = scope;
    row.user_id = actor.user_id;
    row.name = clean_display_name("name", name);
    row.expires_at = expires_at;
    auto work = [&](db::Connection& connection) {
        require_session_now(connection, actor);
        if (expires_at && *expires_at <= connection.now_ms())
            throw Error(Code::invalid, "The field \"expires_at\" must be in the future.");
        store::Tokens tokens(connection);
        if (tokens.count(actor.user_id) >= kMaxTokens)
            throw Error(Code::conflict, "An account has at most 100 tokens. Delete one that is not used any more.");
        tokens.insert(row);
        record(connection, actor, "token.create", row.name, row.id, detail("scope", store::token_scope_name(scope)));
        return NewToken{tokens.find(row.id, actor.user_id).value_or(store::Token{}), secret};
    };
    return services_.catalog.transact(work, [&](db::Connection& connection) {
        return store::Tokens(connection).find(row.id, actor.user_id).has_value();
    });
}

void ApiTokens::remove(const Actor& actor, const base::Ulid& id) {
    require_session(actor);
    services_.catalog.transact([&](db::Connection& connection) {
        store::Tokens tokens(connection);
        auto token = tokens.find(id, actor.user_id);
        if (!token) throw Error(Code::not_found, "You have no such token (any more).");
        tokens.remove(id, actor.user_id);
        record(connection, actor, "token.delete", token->name, id);
    });
}

}  // namespace bodega::app
