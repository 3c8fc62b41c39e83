// Accounts as administrators and the command line keep them. Thread-safe.
//
// Every account has a personal space with a root folder, made with it. The last administrator who can act stays one.
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
    std::optional<std::int64_t> quota_bytes;  // of the personal space; none: no limit
};

// What is not given stays.
struct AccountChange {
    std::optional<store::Role> role;
    std::optional<bool> disabled;                            // true ends the account's sessions and tokens
    std::optional<std::string> password;                     // ends the account's sessions and tokens
    std::optional<std::optional<std::int64_t>> quota_bytes;  // given and empty: no limit
};

// What a change ended.
struct Ended {
    std::int64_t sessions = 0, tokens = 0;

    std::string text() const;  // "2 sessions and 1 token"
};

struct ChangedAccount {
    store::User user;
    Ended ended;
};

struct UserPage {
    std::vector<store::User> users;
    std::string next;  // empty: this is the last page
};

// Who acts on the command line: no account, the name "command line" in the audit.
Actor console_actor();

// The account, its personal space, that space's root and membership. Throws Error{name_taken}, also for a name that
// looks like another account's. Requires: a transaction; user.id was made before it.
void insert_account(db::Connection& connection, const store::NewUser& user, std::optional<std::int64_t> quota_bytes);

class Accounts {
public:
    Accounts(const Services& services, Passwords& passwords) : services_(services), passwords_(passwords) {}

    store::User get(const base::Ulid& id);                       // Error{not_found}
    std::optional<store::User> find(std::string_view username);  // by any spelling that is the same account
    UserPage list(std::string_view query, std::string_view after, int limit);
    std::vector<store::Person> people(std::string_view query, int limit);  // enabled accounts

    // These require that the caller checked that an administrator asks.
    // Throws Error{invalid} for a name or a password against the rules, Error{name_taken}.
    store::User create(const Actor& actor, const NewAccount& account);
    // A new password also ends a lock-out, and makes the account forget its known devices. Throws Error{not_found},
    // Error{invalid}; Error{conflict} if no administrator would be left; Error{forbidden} for a token that would change
    // its own account's role, password or state.
    ChangedAccount change(const Actor& actor, const base::Ulid& id, const AccountChange& change);
    // Nothing of it is lost: its personal space becomes a team space that the actor manages, and so do the team spaces
    // that had no other manager. Throws Error{not_found}; Error{conflict} for the actor's own account and for the last
    // administrator.
    void remove(const Actor& actor, const base::Ulid& id);

private:
    void complete_looks();

    const Services& services_;
    Passwords& passwords_;
};

}  // namespace bodega::app
