#include "app/auth/authorizer.h"

#include "base/error.h"
#include "base/log.h"
#include "blobs/digest.h"
#include "store/auth/callers.h"
#include "store/auth/sessions.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using Kind = Credential::Kind;

// The minimum time between two updates of a credential's last use, in milliseconds. Most calls that only read therefore
// write nothing.
constexpr base::Milliseconds kSessionStampEvery = 5 * 60 * 1000;
constexpr base::Milliseconds kTokenStampEvery = 60 * 1000;
constexpr std::chrono::seconds kStampRetryAfter{5};
constexpr std::size_t kSecretLength = 43;  // the length of base::random_secret()

store::SecretKind secret_kind(Kind kind) {
    return kind == Kind::session ? store::SecretKind::session : store::SecretKind::token;
}

Error unknown_credential() {
    return {Code::unauthenticated, "That sign-in or token is not valid (any more). Sign in again."};
}

Error no_entry() { return {Code::not_found, "That file or folder does not exist, or you may not see it."}; }

Actor to_actor(const Credential& credential, const store::Caller& caller, Origin origin) {
    Actor actor{caller.user_id,    caller.username, caller.role, std::nullopt,
                std::move(origin), caller.scope,    std::nullopt};
    (credential.kind == Kind::session ? actor.session_id : actor.token_id) = caller.credential_id;
    return actor;
}

store::Reached require_live(std::optional<store::Reached> reached, bool trashed_too) {
    if (!reached || (!trashed_too && !reached->entry.is_live())) throw no_entry();
    return std::move(*reached);
}

}  // namespace

std::string_view Credential::token_prefix(store::TokenScope scope) noexcept {
    switch (scope) {
        case store::TokenScope::read: return "bdg_read_";
        case store::TokenScope::write: return "bdg_write_";
        case store::TokenScope::admin: break;
    }
    return "bdg_";
}

Credential Credential::from_secret(Kind kind, std::string_view secret) {
    std::string scoped;
    for (const auto scope : {store::TokenScope::read, store::TokenScope::write}) {
        // Checks the length too: the random part of an unscoped token may happen to begin with "read_" or "write_".
        const std::string_view prefix = token_prefix(scope);
        if (kind == Kind::token && secret.starts_with(prefix) && secret.size() == prefix.size() + kSecretLength)
            scoped.append("scoped ").append(secret);
    }
    return {kind, blobs::sha256(base::as_bytes(scoped.empty() ? secret : scoped))};
}

InsufficientScope::InsufficientScope(store::TokenScope needed)
    : base::Error(Code::forbidden, "This token's scope does not allow this call. It needs a token of the scope " +
                                       std::string(store::token_scope_name(needed)) + "."),
      needed_(needed) {}

void Actor::require(store::TokenScope least) const {
    if (scope < least) throw InsufficientScope(least);
}

void Grant::require(store::SpaceRole least) const { require_at_least(role, least); }

void require_at_least(store::SpaceRole role, store::SpaceRole least) {
    if (role < least)
        throw Error(Code::forbidden, "Your role in this space is " + std::string(store::space_role_name(role)) +
                                         ". This needs " + std::string(store::space_role_name(least)) + ".");
}

void Authorizer::stamp(const Credential& credential, const store::Caller& caller) {
    const bool session = credential.kind == Kind::session;
    if (caller.now - caller.seen_at < (session ? kSessionStampEvery : kTokenStampEvery)) return;
    if (base::Steady::now().time_since_epoch().count() < stamps_from_) return;
    try {
        services_.catalog.attempt([&](db::Connection& connection) {
            const auto lifetime = services_.config.accounts.session_lifetime.count();
            if (session) store::Sessions(connection).slide(credential.hash, lifetime, kSessionStampEvery);
            else store::Tokens(connection).touch(credential.hash, kTokenStampEvery);
            store::Users(connection).touch(caller.user_id, kTokenStampEvery);
        });
    } catch (const Error& error) {
        // The call succeeds without this update. A later call tries it again.
        stamps_from_ = (base::Steady::now() + kStampRetryAfter).time_since_epoch().count();
        base::log::debug("app", "could not update the last use of a credential", {{"reason", error.what()}});
    }
}

Actor Authorizer::authenticate(const Credential& credential, Origin origin) {
    auto caller = services_.catalog.read([&](db::Connection& connection) {
        return store::Callers(connection).find(secret_kind(credential.kind), credential.hash);
    });
    if (!caller) throw unknown_credential();
    stamp(credential, *caller);
    return to_actor(credential, *caller, std::move(origin));
}

Grant Authorizer::reach(const Credential& credential, Origin origin, const base::Ulid& entry_id, bool trashed_too) {
    auto found = lookup_.find_at(secret_kind(credential.kind), {credential.hash, entry_id});
    if (!found) throw unknown_credential();
    stamp(credential, found->caller);
    store::Reached reached = require_live(std::move(found->reached), trashed_too);
    return {to_actor(credential, found->caller, std::move(origin)), std::move(reached.entry), reached.role};
}

Grant Authorizer::reach(const Actor& actor, const base::Ulid& entry_id, bool trashed_too) {
    auto found = services_.catalog.read(
        [&](db::Connection& connection) { return store::Callers(connection).reach(actor.user_id, entry_id); });
    store::Reached reached = require_live(std::move(found), trashed_too);
    return {actor, std::move(reached.entry), reached.role};
}

store::SpaceRole Authorizer::role_in(const Actor& actor, const base::Ulid& space_id) {
    auto role = services_.catalog.read(
        [&](db::Connection& connection) { return store::Callers(connection).role_in(actor.user_id, space_id); });
    if (!role) throw Error(Code::not_found, "That space does not exist, or you are not in it.");
    return *role;
}

}  // namespace bodega::app
