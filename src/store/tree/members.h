// The repository of a space's members and their roles. Each object uses one connection, on that connection's thread.
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

    // Returns at most `limit` members sorted by username, beginning after the username_key `after` (empty: with the
    // first member).
    std::vector<Member> list(const base::Ulid& space_id, std::string_view after, int limit);
    std::optional<Member> find(const base::Ulid& space_id, const base::Ulid& user_id);

    // Locks the rows of the space's managers, and counts those whose accounts exist. Requires: a transaction.
    std::int64_t lock_managers(const base::Ulid& space_id);

    // Adds the member, or changes the member's role.
    void put(const base::Ulid& space_id, const base::Ulid& user_id, SpaceRole role);
    bool remove(const base::Ulid& space_id, const base::Ulid& user_id);  // false: the user was not a member
    void remove_everywhere(const base::Ulid& user_id);

    // Returns the spaces that the user manages, by id.
    std::vector<base::Ulid> managed_by(const base::Ulid& user_id);
    // Returns the spaces whose only manager is this user.
    std::vector<base::Ulid> managed_alone_by(const base::Ulid& user_id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
