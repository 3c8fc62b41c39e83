#include "app/auth/accounts.h"

#include "app/auth/admin_right.h"
#include "app/auth/audit.h"
#include "app/auth/throttle.h"
#include "app/auth/username.h"
#include "base/error.h"
#include "store/auth/devices.h"
#include "store/auth/sessions.h"
#include "store/auth/tokens.h"
#include "store/tree/entries.h"
#include "store/tree/members.h"
#include "store/tree/space_lock.h"
#include "store/tree/spaces.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

Error no_account() { return {Code::not_found, "That account does not exist (any more)."}; }

store::User require_user(db::Connection& connection, const base::Ulid& id) {
    auto user = store::Users(connection).find(id);
    if (!user) throw no_account();
    return *user;
}

// Locks the administrators' rows before it counts them, so that two administrators can't remove each other at the same
// time.
store::User require_other_admin(db::Connection& connection, const base::Ulid& id) {
    const std::int64_t admins = store::Users(connection).lock_admins();
    store::User user = require_user(connection, id);
    const bool counts = user.role == store::Role::admin && !user.disabled;
    if (counts && admins <= 1)
        throw Error(Code::conflict, "This is the last administrator. Make somebody else one first.");
    return user;
}

// Ends the account's sessions and tokens. If the account is the actor's own, the session that makes the call stays.
Ended end_credentials(db::Connection& connection, const Actor& actor, const store::User& user) {
    const auto but = user.id == actor.user_id ? actor.session_id : std::optional<base::Ulid>();
    return {store::Sessions(connection).remove_all(user.id, but), store::Tokens(connection).remove_all(user.id)};
}

void set_password(db::Connection& connection, const store::User& user, const std::string& hash) {
    store::Users(connection).set_password_hash(user.id, hash);
    store::Devices(connection).remove_all(user.id);
    if (const auto key = username_key(user.username)) clear_failures(connection, *key);
}

std::string count_text(std::int64_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

Ended apply(db::Connection& connection, const Actor& actor, const store::User& user, const AccountChange& change,
            const std::string& hash) {
    store::Users users(connection);
    Ended ended;
    if (!hash.empty() || change.disabled.value_or(false)) ended = end_credentials(connection, actor, user);
    const std::string ends = detail("ended", ended.text());
    auto note = [&](std::string_view action, std::string_view value) {
        record(connection, actor, action, user.username, user.id, value);
    };
    if (change.role && *change.role != user.role) {
        users.set_role(user.id, *change.role);
        note("user.role", detail("role", store::role_name(*change.role)));
    }
    if (change.disabled && *change.disabled != user.disabled) {
        users.set_disabled(user.id, *change.disabled);
        note(*change.disabled ? "user.disable" : "user.enable", *change.disabled ? ends : "{}");
    }
    if (change.quota_bytes) {
        auto space = store::Spaces(connection).find_personal(user.id);
        if (space) store::Spaces(connection).set_quota(space->id, *change.quota_bytes);
        note("user.quota", "{}");
    }
    if (!hash.empty()) {
        set_password(connection, user, hash);
        note("user.password", ends);
    }
    return ended;
}

// Makes `heir` the manager of the user's personal space and of each space that has no other manager. Locks the account,
// so that no space can add the account as a member meanwhile. Locks the spaces, so that their other managers stay until
// the commit.
void transfer_ownership(db::Connection& connection, const base::Ulid& user_id, const base::Ulid& heir) {
    store::Users(connection).lock_sign_in(user_id);
    store::Members members(connection);
    for (const base::Ulid& space : members.managed_by(user_id)) store::lock_space(connection, space);
    for (const base::Ulid& space : members.managed_alone_by(user_id))
        members.put(space, heir, store::SpaceRole::manager);
    if (auto personal = store::Spaces(connection).find_personal(user_id))
        store::Spaces(connection).make_team(personal->id);
    members.remove_everywhere(user_id);
}

void check_quota(const std::optional<std::int64_t>& quota) {
    if (quota && *quota < 0) throw Error(Code::invalid, "The quota must be 0 or more bytes.");
}

}  // namespace

std::string Ended::text() const { return count_text(sessions, "session") + " and " + count_text(tokens, "token"); }

Actor console_actor() {
    Actor actor;
    actor.username = "command line";
    actor.role = store::Role::admin;
    return actor;
}

void insert_account(db::Connection& connection, const store::NewUser& user, std::optional<std::int64_t> quota_bytes) {
    store::Users users(connection);
    // The lock makes concurrent creations run one after another. Without it, two of them could insert names that look
    // the same, since username_look has no unique index.
    users.lock_admins();
    if (const auto alike = users.find_look(user.username_look))
        throw Error(Code::name_taken,
                    "That user name is taken, or looks like " + alike->username + ". Choose another.");
    if (users.insert(user) == db::Outcome::duplicate)
        throw Error(Code::name_taken, "That user name is taken. Choose another.");
    store::NewSpace space;
    space.id = base::Ulid::make();
    space.name = user.username;
    space.kind = store::SpaceKind::personal;
    space.root_id = base::Ulid::make();
    space.owner_id = user.id;
    space.quota_bytes = quota_bytes;
    store::Spaces(connection).insert(space);
    store::NewEntry root;
    root.id = space.root_id;
    root.space_id = space.id;
    root.now = connection.now_ms();
    root.user_id = user.id;
    store::Entries(connection).insert(root);
    store::Members(connection).put(space.id, user.id, store::SpaceRole::manager);
}

store::User Accounts::get(const base::Ulid& id) {
    return services_.catalog.read([&](db::Connection& connection) { return require_user(connection, id); });
}

std::optional<store::User> Accounts::find(std::string_view username) {
    auto key = username_key(username);
    if (!key) return std::nullopt;
    return services_.catalog.read([&](db::Connection& connection) {
        store::Users users(connection);
        auto row = users.find_sign_in(*key);
        return row ? users.find(row->id) : std::nullopt;
    });
}

UserPage Accounts::list(std::string_view query, std::string_view after, int limit) {
    const std::string pattern = username_pattern(query);
    UserPage page;
    page.users = services_.catalog.read(
        [&](db::Connection& connection) { return store::Users(connection).list(pattern, after, limit + 1); });
    if (page.users.size() <= static_cast<std::size_t>(limit)) return page;
    page.users.pop_back();
    page.next = username_key(page.users.back().username).value_or("");
    return page;
}

std::vector<store::Person> Accounts::people(std::string_view query, int limit) {
    const std::string pattern = username_pattern(query);
    return services_.catalog.read(
        [&](db::Connection& connection) { return store::Users(connection).list_people(pattern, limit); });
}

// Sets username_look in the rows of accounts that an older version created without it.
void Accounts::complete_looks() {
    constexpr int kBatch = 500;
    std::size_t found = kBatch;
    while (found == kBatch) {
        services_.catalog.transact([&](db::Connection& connection) {
            store::Users users(connection);
            const auto people = users.without_look(kBatch);
            for (const store::Person& person : people) users.set_look(person.id, username_look(person.username));
            found = people.size();
        });
    }
}

store::User Accounts::create(const Actor& actor, const NewAccount& account) {
    store::NewUser user;
    user.id = base::Ulid::make();
    user.username = clean_username(account.username);
    user.username_key = username_key(user.username).value_or("");
    user.username_look = username_look(user.username);
    user.role = account.role;
    check_quota(account.quota_bytes);
    passwords_.check_rules(account.password, user.username);
    user.password_hash = passwords_.hash(account.password);
    complete_looks();
    auto work = [&](db::Connection& connection) {
        require_admin(connection, actor);
        insert_account(connection, user, account.quota_bytes);
        record(connection, actor, "user.create", user.username, user.id, detail("role", store::role_name(user.role)));
        return require_user(connection, user.id);
    };
    return services_.catalog.transact(
        work, [&](db::Connection& connection) { return store::Users(connection).find(user.id).has_value(); });
}

ChangedAccount Accounts::change(const Actor& actor, const base::Ulid& id, const AccountChange& change) {
    std::string hash;
    if (actor.is_token() && id == actor.user_id && (change.role || change.disabled || change.password))
        throw Error(Code::forbidden, "A token can't change its own account. Sign in with your password in a browser.");
    if (change.quota_bytes) check_quota(*change.quota_bytes);
    if (change.password) {
        passwords_.check_rules(*change.password, get(id).username);
        hash = passwords_.hash(*change.password);
    }
    return services_.catalog.transact([&](db::Connection& connection) {
        require_admin(connection, actor);
        const bool weakened = change.role == store::Role::member || change.disabled.value_or(false);
        const store::User user = weakened ? require_other_admin(connection, id) : require_user(connection, id);
        const Ended ended = apply(connection, actor, user, change, hash);
        return ChangedAccount{require_user(connection, id), ended};
    });
}

void Accounts::remove(const Actor& actor, const base::Ulid& id) {
    if (id == actor.user_id)
        throw Error(Code::conflict, "You can't delete your own account. Ask another administrator.");
    services_.catalog.transact([&](db::Connection& connection) {
        require_admin(connection, actor);
        const store::User user = require_other_admin(connection, id);
        transfer_ownership(connection, id, actor.user_id);
        store::Sessions(connection).remove_all(id, std::nullopt);
        store::Tokens(connection).remove_all(id);
        store::Devices(connection).remove_all(id);
        store::Users(connection).remove(id);
        record(connection, actor, "user.delete", user.username, id);
    });
}

}  // namespace bodega::app
