// Looks up the account of a secret, and what that account may reach, at the start of every call. Each look-up is one
// statement that uses only primary keys and unique indexes. Each object uses one connection, on that connection's
// thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/connection.h"
#include "store/auth/session.h"
#include "store/auth/user.h"
#include "store/tree/entry.h"
#include "store/tree/space.h"

namespace bodega::store {

enum class SecretKind : std::uint8_t { session, token };

struct Caller {
    base::Ulid user_id;
    std::string username;
    Role role = Role::member;
    base::Ulid credential_id;              // the id of the session or the token
    TokenScope scope = TokenScope::admin;  // a session has every scope
    base::Milliseconds seen_at = 0;        // last use that was recorded; 0: never
    base::Milliseconds now = 0;            // time of this look-up, on the database's clock
};

struct Reached {
    Entry entry;
    SpaceRole role = SpaceRole::viewer;
};

struct CallerAt {
    Caller caller;
    std::optional<Reached> reached;  // nullopt: the entry does not exist, or the caller is not a member of its space
};

struct CallerAsked {
    SecretHash hash;
    base::Ulid entry_id;
};

class Callers {
public:
    explicit Callers(db::Connection& connection) : connection_(connection) {}

    // Returns std::nullopt if the secret is unknown, expired, revoked, or of a disabled account.
    std::optional<Caller> find(SecretKind kind, const SecretHash& hash);
    std::optional<CallerAt> find_at(SecretKind kind, const CallerAsked& asked);
    // Looks up several secrets in one statement, and returns the results in the same order. Requires: at most
    // kMaxAtOnce secrets.
    static constexpr std::size_t kMaxAtOnce = 16;
    std::vector<std::optional<CallerAt>> find_at(SecretKind kind, std::span<const CallerAsked> asked);

    // Looks up an entry and the user's role in its space. Finds trashed entries too. Requires: the user is
    // authenticated.
    std::optional<Reached> reach(const base::Ulid& user_id, const base::Ulid& entry_id);
    // Returns the user's role in a space; std::nullopt if the user is not a member or the account is disabled.
    std::optional<SpaceRole> role_in(const base::Ulid& user_id, const base::Ulid& space_id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
