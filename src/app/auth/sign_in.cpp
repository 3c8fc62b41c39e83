#include "app/auth/sign_in.h"

#include <algorithm>

#include "app/auth/audit.h"
#include "app/auth/username.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/random.h"
#include "blobs/digest.h"
#include "store/auth/devices.h"
#include "store/auth/sessions.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxAddress = 64;
constexpr int kMaxDevices = 50;  // the most known devices of one account
// 400 days in milliseconds: browsers keep a cookie no longer.
constexpr base::Milliseconds kDeviceLifetime = base::Milliseconds{400} * 24 * 3600 * 1000;
// The most sessions of one account. The oldest sessions end first, so a script that signs in again and again can't fill
// the table.
constexpr std::size_t kMaxSessions = 200;

Error wrong_sign_in() { return {Code::unauthenticated, "That user name and password don't fit. Check both."}; }

struct Found {
    std::optional<store::SignInRow> row;
    Claimant claimant;
};

// Finds the account, and finds out whether the account knows the device.
Found find_account(const Services& services, std::string_view username, std::string_view device) {
    Found found;
    found.claimant.username_key = username_key(username);
    if (!found.claimant.username_key) return found;
    services.catalog.read([&](db::Connection& connection) {
        found.row = store::Users(connection).find_sign_in(*found.claimant.username_key);
        if (!found.row || device.empty()) return;
        const store::SecretHash hash = blobs::sha256(base::as_bytes(device));
        if (store::Devices(connection).knows(hash, found.row->id)) found.claimant.device = hash;
    });
    if (!found.row) return found;
    found.claimant.user_id = found.row->id;
    found.claimant.username = found.row->username;
    return found;
}

HashQueue::Caller hash_caller(const Claimant& claimant, const Attempt& attempt, const Origin& origin) {
    HashQueue::Caller caller{network_of(origin.address), HashQueue::Rank::unknown, config::Duration(0)};
    if (claimant.device) caller.rank = HashQueue::Rank::known;
    if (!attempt.is_slowed()) return caller;
    caller.rank = HashQueue::Rank::slowed;
    caller.delay = kSlowedBy;
    return caller;
}

db::Pool::Happened has_session(const base::Ulid& id) {
    return [id](db::Connection& connection) { return store::Sessions(connection).find(id).has_value(); };
}

}  // namespace

void require_session(const Actor& actor) {
    if (!actor.session_id)
        throw Error(Code::forbidden, "A token can't do this. Sign in with your password in a browser.");
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

std::string remember_device(db::Connection& connection, const base::Ulid& user_id, std::string_view device) {
    store::Devices devices(connection);
    const store::SecretHash shown = blobs::sha256(base::as_bytes(device));
    std::string secret(device);
    // Replaces a secret that the account does not know, since an attacker may have put it into the browser.
    if (device.empty() || !devices.knows(shown, user_id)) secret = base::random_secret();
    const store::SecretHash hash = blobs::sha256(base::as_bytes(secret));
    if (!device.empty() && hash != shown) devices.rename(shown, hash);
    devices.remember(hash, user_id, kDeviceLifetime, kMaxDevices);
    return secret;
}

SignedIn SignIn::sign_in(std::string_view username, std::string_view password, const Origin& origin,
                         std::string_view device) {
    const auto [row, claimant] = find_account(services_, username, device);
    Attempt attempt(services_, claimant, origin, counts_);
    attempt.check();
    const HashQueue::Caller caller = hash_caller(claimant, attempt, origin);
    if (!passwords_.verify(password, row ? row->password_hash : std::string(), caller) || row->disabled) {
        attempt.fail();
        throw wrong_sign_in();
    }
    std::string rehashed;
    if (passwords_.is_outdated(row->password_hash)) rehashed = passwords_.hash(password);
    const base::Ulid id = base::Ulid::make();
    auto work = [&, &account = *row](db::Connection& connection) {
        store::Users users(connection);
        auto still = users.lock_sign_in(account.id);
        // Refuses the sign-in if the account was removed, was disabled or got another password while the hash was
        // computed.
        if (!still || still->disabled || still->password_hash != account.password_hash) throw wrong_sign_in();
        attempt.succeed(connection);
        if (!rehashed.empty()) users.set_password_hash(account.id, rehashed);
        SignedIn result;
        result.session = start_session(connection, account.id, id, services_.config.accounts.session_lifetime, origin);
        result.device = remember_device(connection, account.id, device);
        const Actor actor{account.id, account.username, store::Role::member, id, origin};
        record(connection, actor, "session.create", account.username, account.id);
        result.user = users.find(account.id).value_or(store::User{});
        return result;
    };
    SignedIn done = services_.catalog.transact(work, has_session(id));
    if (counts_) ++counts_->right;
    return done;
}

void SignIn::sign_out(const Actor& actor) {
    if (!actor.session_id)
        throw Error(Code::invalid, "This call is signed in by a token, so there is no session to end.");
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
    require_session(actor);
    services_.catalog.transact([&](db::Connection& connection) {
        if (!store::Sessions(connection).remove(session_id, actor.user_id))
            throw Error(Code::not_found, "You have no such session (any more).");
        record(connection, actor, "session.end", actor.username, actor.user_id);
    });
}

void SignIn::end_other_sessions(const Actor& actor) {
    require_session(actor);
    services_.catalog.transact([&](db::Connection& connection) {
        store::Sessions(connection).remove_all(actor.user_id, actor.session_id);
        record(connection, actor, "session.end_others", actor.username, actor.user_id);
    });
}

void SignIn::change_password(const Actor& actor, std::string_view current, std::string_view fresh, bool end_tokens) {
    require_session(actor);
    passwords_.check_rules(fresh, actor.username);
    const auto row = services_.catalog.read(
        [&](db::Connection& connection) { return store::Users(connection).find_sign_in(actor.user_id); });
    // Counts failures for this session, so that failures of other people can't lock the owner out of this call.
    store::SecretHash session{};
    std::copy(actor.session_id->bytes.begin(), actor.session_id->bytes.end(), session.begin());
    Attempt attempt(services_, {username_key(actor.username), actor.user_id, actor.username, session}, actor.origin);
    attempt.check();
    if (!row || !passwords_.verify(current, row->password_hash)) {
        attempt.fail();
        throw Error(Code::forbidden, "That is not your current password.");
    }
    const std::string hash = passwords_.hash(fresh);
    services_.catalog.transact([&](db::Connection& connection) {
        store::Users users(connection);
        auto still = users.lock_sign_in(actor.user_id);
        if (!still || still->password_hash != row->password_hash)
            throw Error(Code::conflict, "Your password was changed meanwhile. Sign in again.");
        attempt.succeed(connection);
        users.set_password_hash(actor.user_id, hash);
        store::Sessions(connection).remove_all(actor.user_id, actor.session_id);
        if (end_tokens) store::Tokens(connection).remove_all(actor.user_id);
        record(connection, actor, "user.password", actor.username, actor.user_id);
    });
}

}  // namespace bodega::app
