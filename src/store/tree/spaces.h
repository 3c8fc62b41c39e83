// The repository of spaces. Each object uses one connection, on that connection's thread.
//
// space_lock.h updates used_bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/tree/space.h"

namespace bodega::store {

struct NewSpace {
    base::Ulid id;
    std::string name;
    SpaceKind kind = SpaceKind::team;
    base::Ulid root_id;  // id of the root folder, whose row the same transaction inserts
    std::optional<base::Ulid> owner_id;
    std::optional<std::int64_t> quota_bytes;
};

// The last space of the previous page. If the position is empty, the page begins with the first space.
struct SpacePosition {
    std::string kind;
    std::string name;
    base::Ulid id;
};

// A space as one account sees it. `role` is empty for an administrator who is not a member.
struct SpaceView {
    Space space;
    std::optional<SpaceRole> role;
};

class Spaces {
public:
    explicit Spaces(db::Connection& connection) : connection_(connection) {}

    void insert(const NewSpace& space);
    std::optional<Space> find(const base::Ulid& id);
    std::optional<Space> find_personal(const base::Ulid& owner_id);

    // Returns at most `limit` spaces of the user: the personal one first, then by name.
    std::vector<SpaceView> list_of(const base::Ulid& user_id, const SpacePosition& after, int limit);
    // Returns every space except the user's own personal one, with this user's role, if any. Personal spaces of others
    // come first.
    std::vector<SpaceView> list_all(const base::Ulid& user_id, const SpacePosition& after, int limit);

    void set_name(const base::Ulid& id, std::string_view name);
    void set_quota(const base::Ulid& id, std::optional<std::int64_t> quota_bytes);
    void make_team(const base::Ulid& id);  // turns the personal space of a deleted account into a team's

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
