#include "app/sign_in.h"

#include "app/audit.h"
#include "app/throttle.h"
#include "app/username.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/random.h"
#include "blobs/digest.h"
#include "store/sessions.h"
#include "store/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxAddress = 64;
constexpr std::size_t kMaxSessions = 200;  // an account's: a script that signs in again and again keeps the newest

Error wrong_sign_in() { return {Code::unauthenticated, "that user name and password don't fit; check both"}; }

std::optional<store::SignInRow> find_row(const Services& services, const std::optional<std::string>& key) {
    if (!key) return std::nullopt;
    return services.catalog.read(
        [&](db::Connection& connection) { return store::Users(connection).find_sign_in(*key); });
}

db::Pool::Happened has_session(const base::Ulid& id) {
    return [id](db::Connection& connection) { return store::Sessions(connection).find(id).has_value(); };
}

}  // namespace

void require_session(const Actor& actor) {
    if (!actor.session_id)
        throw Error(Code::forbidden, "a token can't do this; sign in with your password in a browser");
}

NewSession start_session(db::Connection& connection, const base::Ulid& user_id, const base::Ulid& id,
                         config::Duration lifetime, const Origin& origin) {
    NewSession made;
    made.secret = base::random_secret();
    store::NewSession row;
    row.id = id;
    row.hash = blobs::sha256(base::as_bytes(made.secret));
    row.user_id = user_id;
    row.lifetime = lifetime.count();
    row.user_agent = origin.user_agent;
    row.address = origin.address.substr(0, kMaxAddress);
    store::Users(connection).touch(user_id, 0);
    store::Sessions sessions(connection);
    sessions.insert(row);
    sessions.trim(user_id, kMaxSessions);
    made.session = sessions.find(id).value_or(store::Session{});
    return made;
}

SignedIn SignIn::sign_in(std::string_view username, std::string_view password, const Origin& origin) {
    const auto key = username_key(username);
    const Attempt attempt(services_, key, origin.address);
    const auto row = find_row(services_, key);
    if (!passwords_.verify(password, row ? row->password_hash : std::string()) || row->disabled) throw wrong_sign_in();
    std::string rehashed;
    if (passwords_.is_outdated(row->password_hash)) rehashed = passwords_.hash(password);
    const base::Ulid id = base::Ulid::make();
    auto work = [&](db::Connection& connection) {
        store::Users users(connection);
        auto still = users.lock_sign_in(row->id);
        // Changed or disabled while the hash was computed: this password is an old one.
        if (!still || still->disabled || still->password_hash != row->password_hash) throw wrong_sign_in();
        if (!rehashed.empty()) users.set_password_hash(row->id, rehashed);
        attempt.succeed(connection);
        SignedIn result;
        result.session = start_session(connection, row->id, id, services_.config.accounts.session_lifetime, origin);
        const Actor actor{row->id, row->username, store::Role::member, id, origin};
        record(connection, actor, "session.create", row->username, row->id);
        result.user = users.find(row->id).value_or(store::User{});
        return result;
    };
    return services_.catalog.transact(work, has_session(id));
}

void SignIn::sign_out(const Actor& actor) {
    if (!actor.session_id)
        throw Error(Code::invalid, "this call is signed in by a token, so there is no session to end");
    services_.catalog.transact([&](db::Connection& connection) {
        store::Sessions(connection).remove(*actor.session_id, actor.user_id);
        record(connection, actor, "session.end", actor.username, actor.user_id);
    });
}

std::vector<store::Session> SignIn::sessions(const Actor& actor) {
    return services_.catalog.read(
        [&](db::Connection& connection) { return store::Sessions(connection).list(actor.user_id); });
}

void SignIn::end_session(const Actor& actor, const base::Ulid& session_id) {
    services_.catalog.transact([&](db::Connection& connection) {
        if (!store::Sessions(connection).remove(session_id, actor.user_id))
            throw Error(Code::not_found, "you have no such session (any more)");
        record(connection, actor, "session.end", actor.username, actor.user_id);
    });
}

void SignIn::end_other_sessions(const Actor& actor) {
    services_.catalog.transact([&](db::Connection& connection) {
        store::Sessions(connection).remove_all(actor.user_id, actor.session_id);
        record(connection, actor, "session.end_others", actor.username, actor.user_id);
    });
}

void SignIn::change_password(const Actor& actor, std::string_view current, std::string_view fresh) {
    require_session(actor);
    passwords_.check_rules(fresh, actor.username);
    const Attempt attempt(services_, username_key(actor.username), actor.origin.address);
    const auto row = services_.catalog.read(
        [&](db::Connection& connection) { return store::Users(connection).find_sign_in(actor.user_id); });
    if (!row || !passwords_.verify(current, row->password_hash))
        throw Error(Code::forbidden, "that is not your current password");
    const std::string hash = passwords_.hash(fresh);
    services_.catalog.transact([&](db::Connection& connection) {
        store::Users users(connection);
        auto still = users.lock_sign_in(actor.user_id);
        if (!still || still->password_hash != row->password_hash)
            throw Error(Code::conflict, "your password was changed meanwhile; sign in again");
        users.set_password_hash(actor.user_id, hash);
        store::Sessions(connection).remove_all(actor.user_id, actor.session_id);
        attempt.succeed(connection);
        record(connection, actor, "user.password", actor.username, actor.user_id);
    });
}

}  // namespace bodega::app
