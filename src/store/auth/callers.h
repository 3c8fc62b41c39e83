// Who a secret belongs to, and what they may reach: the look-ups at the start of every call, one statement each,
// by primary keys and unique indexes alone. One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/auth/session.h"
#include "store/tree/space.h"
#include "store/auth/user.h"

namespace bodega::store {

enum class SecretKind : std::uint8_t { session, token };

struct Caller {
    base::Ulid user_id;
    std::string username;
    Role role = Role::member;
    base::Ulid credential_id;              // of the session or the token
    TokenScope scope = TokenScope::admin;  // of a session: all
    base::Milliseconds seen_at = 0;        // when it was last stamped; 0: never
    base::Milliseconds now = 0;            // the database's clock
};

struct Reached {
    Entry entry;
    SpaceRole role = SpaceRole::viewer;
};

struct CallerAt {
    Caller caller;
    std::optional<Reached> reached;  // none: no such entry, or not in its space
};

struct CallerAsked {
    SecretHash hash;
    base::Ulid entry_id;
};

class Callers {
public:
    explicit Callers(db::Connection& connection) : connection_(connection) {}

    // std::nullopt: unknown, expired, revoked, or of a disabled account.
    std::optional<Caller> find(SecretKind kind, const SecretHash& hash);
    std::optional<CallerAt> find_at(SecretKind kind, const CallerAsked& asked);
    // The same for several, in their order, in one statement. Requires: at most kMostAtOnce.
    static constexpr std::size_t kMostAtOnce = 16;
    std::vector<std::optional<CallerAt>> find_at(SecretKind kind, std::span<const CallerAsked> asked);

    // For a user who is known already. Trashed entries too.
    std::optional<Reached> reach(const base::Ulid& user_id, const base::Ulid& entry_id);
    // Of an account that is not disabled.
    std::optional<SpaceRole> role_in(const base::Ulid& user_id, const base::Ulid& space_id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
