// The spaces' repository. One object works on one connection, on its thread.
//
// used_bytes is the tree's to keep: space_lock.h.
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
    base::Ulid root_id;  // its root's row is inserted in the same transaction
    std::optional<base::Ulid> owner_id;
    std::optional<std::int64_t> quota_bytes;
};

// Where a page of spaces begins: after this one. Empty: at the first.
struct SpacePosition {
    std::string kind;
    std::string name;
    base::Ulid id;
};

// A space as somebody sees it who is in it, or an administrator who is not.
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

    // At most `limit` of the user's, the personal one first, then by name.
    std::vector<SpaceView> list_of(const base::Ulid& user_id, const SpacePosition& after, int limit);
    // Of every space but the user's personal one, with this user's role, if any: the others' personal ones first.
    std::vector<SpaceView> list_all(const base::Ulid& user_id, const SpacePosition& after, int limit);

    void set_name(const base::Ulid& id, std::string_view name);
    void set_quota(const base::Ulid& id, std::optional<std::int64_t> quota_bytes);
    void make_team(const base::Ulid& id);  // a personal space whose owner goes

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
