#include "app/auth/setup.h"

#include "app/auth/accounts.h"
#include "app/auth/audit.h"
#include "app/auth/throttle.h"
#include "app/auth/username.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/random.h"
#include "blobs/digest.h"
#include "store/auth/setup_tokens.h"
#include "store/auth/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

store::NewUser new_admin(std::string_view username) {
    store::NewUser user;
    user.id = base::Ulid::make();
    user.username = clean_username(username);
    user.username_key = username_key(user.username).value_or("");
    user.username_look = username_look(user.username);
    user.role = store::Role::admin;
    return user;
}

Error already_done() { return {Code::gone, "This bodega is set up already. Sign in instead."}; }

// Throws unless the token is valid and there is no administrator.
void check(db::Connection& connection, const store::SecretHash& hash) {
    // Reads the token first, and then looks for an administrator. A concurrent set-up inserts the administrator and
    // removes all tokens in one transaction. In the opposite order this function could miss both, and report a wrong
    // token.
    const bool live = store::SetupTokens(connection).is_live(hash);
    if (store::Users(connection).count_admins() > 0) throw already_done();
    if (!live)
        throw Error(Code::forbidden, "This set-up link is not valid (any more). Start bodega again for a new one.");
}

}  // namespace

bool Setup::is_needed() {
    return services_.catalog.read(
        [](db::Connection& connection) { return store::Users(connection).count_admins() == 0; });
}

std::optional<std::string> Setup::issue() {
    if (!is_needed()) return std::nullopt;
    std::string token = base::random_secret();
    services_.catalog.transact([&](db::Connection& connection) {
        store::SetupTokens tokens(connection);
        tokens.remove_expired();
        tokens.insert(blobs::sha256(base::as_bytes(token)), services_.config.accounts.setup_lifetime.count());
    });
    return token;
}

SignedIn Setup::redeem(std::string_view token, std::string_view username, std::string_view password,
                       const Origin& origin) {
    Attempt attempt = Attempt::at_set_up(services_, origin);
    attempt.check();
    const store::SecretHash hash = blobs::sha256(base::as_bytes(token));
    try {
        services_.catalog.read([&](db::Connection& connection) { check(connection, hash); });
    } catch (const Error& error) {
        if (error.code() == Code::forbidden) attempt.fail();
        throw;
    }
    store::NewUser user = new_admin(username);
    passwords_.check_rules(password, user.username);
    user.password_hash = passwords_.hash(password, {network_of(origin.address), HashQueue::Rank::unknown});
    const base::Ulid session_id = base::Ulid::make();
    auto work = [&](db::Connection& connection) {
        store::SetupTokens(connection).lock();
        check(connection, hash);
        insert_account(connection, user, std::nullopt);
        store::SetupTokens(connection).remove_all();
        attempt.succeed(connection);
        const Actor actor{user.id, user.username, user.role, session_id, origin};
        record(connection, actor, "setup.complete", user.username, user.id);
        SignedIn result;
        result.session =
            start_session(connection, user.id, session_id, services_.config.accounts.session_lifetime, origin);
        result.device = remember_device(connection, user.id, {});
        result.user = store::Users(connection).find(user.id).value_or(store::User{});
        return result;
    };
    return services_.catalog.transact(
        work, [&](db::Connection& connection) { return store::Users(connection).find(user.id).has_value(); });
}

bool Setup::create_admin(std::string_view username, std::string_view password) {
    if (!is_needed()) return false;
    store::NewUser user = new_admin(username);
    passwords_.check_rules(password, user.username);
    user.password_hash = passwords_.hash(password);
    // Nodes that start together run this at the same time. Since the name is unique, only one of them succeeds.
    auto work = [&](db::Connection& connection) {
        if (store::Users(connection).count_admins() > 0) return false;
        insert_account(connection, user, std::nullopt);
        store::SetupTokens(connection).remove_all();
        record(connection, console_actor(), "setup.complete", user.username, user.id);
        return true;
    };
    try {
        return services_.catalog.transact(
            work, [&](db::Connection& connection) { return store::Users(connection).find(user.id).has_value(); });
    } catch (const Error& error) {
        if (error.code() == Code::name_taken && !is_needed()) return false;
        throw;
    }
}

}  // namespace bodega::app
