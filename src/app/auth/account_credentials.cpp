#include "app/auth/account_credentials.h"

#include "app/auth/audit.h"
#include "app/auth/throttle.h"
#include "app/auth/username.h"
#include "base/error.h"
#include "store/auth/sessions.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

store::User require_user(db::Connection& connection, const base::Ulid& id) {
    auto user = store::Users(connection).find(id);
    if (!user) throw Error(Code::not_found, "That account does not exist (any more).");
    return *user;
}

void refuse_own(const Actor& actor, const base::Ulid& user_id) {
    if (actor.is_token() && actor.user_id == user_id)
        throw Error(Code::forbidden, "A token can't change its own account. Sign in with your password in a browser.");
}

}  // namespace

std::vector<store::Session> AccountCredentials::sessions(const base::Ulid& user_id) {
    return services_.catalog.read([&](db::Connection& connection) {
        require_user(connection, user_id);
        return store::Sessions(connection).list(user_id);
    });
}

std::vector<store::Token> AccountCredentials::tokens(const base::Ulid& user_id) {
    return services_.catalog.read([&](db::Connection& connection) {
        require_user(connection, user_id);
        return store::Tokens(connection).list(user_id);
    });
}

void AccountCredentials::end_session(const Actor& actor, const base::Ulid& user_id, const base::Ulid& session_id) {
    refuse_own(actor, user_id);
    services_.catalog.transact([&](db::Connection& connection) {
        const store::User user = require_user(connection, user_id);
        if (!store::Sessions(connection).remove(session_id, user_id))
            throw Error(Code::not_found, "That account has no such session (any more).");
        record(connection, actor, "session.end", user.username, user_id);
    });
}

void AccountCredentials::end_token(const Actor& actor, const base::Ulid& user_id, const base::Ulid& token_id) {
    refuse_own(actor, user_id);
    services_.catalog.transact([&](db::Connection& connection) {
        const store::User user = require_user(connection, user_id);
        store::Tokens tokens(connection);
        const auto token = tokens.find(token_id, user_id);
        if (!token) throw Error(Code::not_found, "That account has no such token (any more).");
        tokens.remove(token_id, user_id);
        record(connection, actor, "token.delete", token->name, token_id, detail("of", user.username));
    });
}

std::int64_t AccountCredentials::end_sessions(const Actor& actor, const base::Ulid& user_id) {
    refuse_own(actor, user_id);
    return services_.catalog.transact([&](db::Connection& connection) {
        const store::User user = require_user(connection, user_id);
        const auto but = user_id == actor.user_id ? actor.session_id : std::optional<base::Ulid>();
        const std::int64_t ended = store::Sessions(connection).remove_all(user_id, but);
        record(connection, actor, "session.end_all", user.username, user_id, detail("count", std::to_string(ended)));
        return ended;
    });
}

std::int64_t AccountCredentials::end_tokens(const Actor& actor, const base::Ulid& user_id) {
    refuse_own(actor, user_id);
    return services_.catalog.transact([&](db::Connection& connection) {
        const store::User user = require_user(connection, user_id);
        const std::int64_t ended = store::Tokens(connection).remove_all(user_id);
        record(connection, actor, "token.delete_all", user.username, user_id, detail("count", std::to_string(ended)));
        return ended;
    });
}

void AccountCredentials::unlock(const Actor& actor, const base::Ulid& user_id) {
    services_.catalog.transact([&](db::Connection& connection) {
        const store::User user = require_user(connection, user_id);
        if (const auto key = username_key(user.username)) clear_failures(connection, *key);
        record(connection, actor, "user.unlock", user.username, user_id);
    });
}

}  // namespace bodega::app
