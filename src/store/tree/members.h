// Who is in a space, and as what. One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/tree/space.h"

namespace bodega::store {

class Members {
public:
    explicit Members(db::Connection& connection) : connection_(connection) {}

    // At most `limit`, by username, after that of `after` (a username_key; empty: from the start).
    std::vector<Member> list(const base::Ulid& space_id, std::string_view after, int limit);
    std::optional<Member> find(const base::Ulid& space_id, const base::Ulid& user_id);

    // Locks the space's managers and counts those whose accounts exist. Requires: a transaction.
    std::int64_t lock_managers(const base::Ulid& space_id);

    void put(const base::Ulid& space_id, const base::Ulid& user_id, SpaceRole role);  // adds, or changes the role
    bool remove(const base::Ulid& space_id, const base::Ulid& user_id);               // false: was not in it
    void remove_everywhere(const base::Ulid& user_id);

    // The spaces that this one manages, in the order of their ids.
    std::vector<base::Ulid> managed_by(const base::Ulid& user_id);
    // Those that have no other manager.
    std::vector<base::Ulid> managed_alone_by(const base::Ulid& user_id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
