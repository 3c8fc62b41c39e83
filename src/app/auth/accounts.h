// Manages accounts, for administrators and the command line. Thread-safe.
//
// Every account has a personal space with a root folder, both created with the account. The last enabled administrator
// can't be removed, disabled or demoted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/auth/passwords.h"
#include "store/auth/users.h"

namespace bodega::app {

struct NewAccount {
    std::string username;
    std::string password;
    store::Role role = store::Role::member;
    std::optional<std::int64_t> quota_bytes;  // the quota of the personal space; empty for no quota
};

// Fields that are not set keep their value.
struct AccountChange {
    std::optional<store::Role> role;
    std::optional<bool> disabled;         // `true` ends the account's sessions and tokens
    std::optional<std::string> password;  // a new password ends the account's sessions and tokens
    // The new quota. An empty inner optional removes the quota.
    std::optional<std::optional<std::int64_t>> quota_bytes;
};

// The numbers of sessions and tokens that a change ended.
struct Ended {
    std::int64_t sessions = 0, tokens = 0;

    std::string text() const;  // for example "2 sessions and 1 token"
};

struct ChangedAccount {
    store::User user;
    Ended ended;
};

struct UserPage {
    std::vector<store::User> users;
    std::string next;  // the cursor of the next page; empty on the last page
};

// The actor of the command line. It has no account; the audit log calls it "command line".
Actor console_actor();

// Inserts the account, its personal space, that space's root folder and the account's membership. Throws
// Error{name_taken} if the name is taken or looks like another account's name. Requires: a transaction; user.id was
// made before it began, so that the account can be found after a lost COMMIT.
void insert_account(db::Connection& connection, const store::NewUser& user, std::optional<std::int64_t> quota_bytes);

class Accounts {
public:
    Accounts(const Services& services, Passwords& passwords) : services_(services), passwords_(passwords) {}

    store::User get(const base::Ulid& id);                       // throws Error{not_found}
    std::optional<store::User> find(std::string_view username);  // accepts any spelling with the same username_key
    UserPage list(std::string_view query, std::string_view after, int limit);
    std::vector<store::Person> people(std::string_view query, int limit);  // returns enabled accounts only

    // The functions below require that the caller has checked that the actor is an administrator. They throw
    // Error{invalid} for a name or a password that breaks the rules, and Error{name_taken}.
    store::User create(const Actor& actor, const NewAccount& account);
    // A new password also ends a lock-out and removes the account's known devices. Throws Error{not_found},
    // Error{invalid}; Error{conflict} if no administrator would be left; Error{forbidden} if the actor is signed in by
    // a token of this account and would change its role, its password or `disabled`.
    ChangedAccount change(const Actor& actor, const base::Ulid& id, const AccountChange& change);
    // Removes the account but not its files. The account's personal space becomes a team space. The actor becomes the
    // manager of that space and of each team space whose only manager was this account. Throws Error{not_found};
    // Error{conflict} for the actor's own account and for the last administrator.
    void remove(const Actor& actor, const base::Ulid& id);

private:
    void complete_looks();

    const Services& services_;
    Passwords& passwords_;
};

}  // namespace bodega::app
