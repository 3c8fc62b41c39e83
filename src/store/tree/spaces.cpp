#include "store/tree/spaces.h"

#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT p.id, p.name, p.kind, p.root_id, p.owner_id, p.used_bytes, p.quota_bytes, p.created_at";
constexpr std::string_view kRole = ", c.role FROM spaces p ";
constexpr std::string_view kById = " FROM spaces p WHERE p.id = ?";
constexpr std::string_view kByOwner = " FROM spaces p WHERE p.owner_id = ?";
constexpr std::string_view kEveryRole = ", c.role FROM spaces p {use_index spaces_by_name} ";
constexpr std::string_view kMine = "JOIN members c ON c.space_id = p.id AND c.user_id = ? WHERE ";
constexpr std::string_view kEvery =
    "LEFT JOIN members c ON c.space_id = p.id AND c.user_id = ? WHERE (p.owner_id IS NULL OR p.owner_id <> ?) AND ";
// The condition p.kind >= ? lets the engines find the start of the page in the index.
constexpr std::string_view kAfter =
    "p.kind >= ? AND (p.kind > ? OR p.name > ? OR (p.name = ? AND p.id > ?)) ORDER BY p.kind, p.name, p.id LIMIT ?";

constexpr db::Sql kInsert{"spaces.insert",
                          "INSERT INTO spaces (id, name, kind, root_id, owner_id, quota_bytes, created_at) "
                          "VALUES (?, ?, ?, ?, ?, ?, {now})"};
constexpr db::Sql kFind{"spaces.find", kJoined<kSelect, kById>};
constexpr db::Sql kFindPersonal{"spaces.find_personal", kJoined<kSelect, kByOwner>};
constexpr db::Sql kListOf{"spaces.list_of", kJoined<kSelect, kRole, kMine, kAfter>};
constexpr db::Sql kListAll{"spaces.list_all", kJoined<kSelect, kEveryRole, kEvery, kAfter>};
constexpr db::Sql kSetName{"spaces.set_name", "UPDATE spaces SET name = ? WHERE id = ?"};
constexpr db::Sql kSetQuota{"spaces.set_quota", "UPDATE spaces SET quota_bytes = ? WHERE id = ?"};
constexpr db::Sql kMakeTeam{"spaces.make_team", "UPDATE spaces SET kind = 'team', owner_id = NULL WHERE id = ?"};

Space read_space(const db::Statement& row) {
    Space space;
    space.id = row.ulid(0);
    space.name = row.text(1);
    space.kind = parse_space_kind(row.text(2)).value_or(SpaceKind::team);
    space.root_id = row.ulid(3);
    space.owner_id = row.optional_ulid(4);
    space.used_bytes = row.int64(5);
    space.quota_bytes = row.optional_int64(6);
    space.created_at = row.int64(7);
    return space;
}

std::optional<Space> only_space(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    Space space = read_space(row);
    row.reset();
    return space;
}

std::vector<SpaceView> all_views(db::Statement& row) {
    std::vector<SpaceView> views;
    while (row.next()) views.push_back({read_space(row), parse_space_role(row.text(8))});
    return views;
}

}  // namespace

void Spaces::insert(const NewSpace& space) {
    connection_.execute(
        kInsert, {space.id, space.name, space_kind_name(space.kind), space.root_id, space.owner_id, space.quota_bytes});
}

std::optional<Space> Spaces::find(const base::Ulid& id) { return only_space(connection_.query(kFind, {id})); }

std::optional<Space> Spaces::find_personal(const base::Ulid& owner_id) {
    return only_space(connection_.query(kFindPersonal, {owner_id}));
}

std::vector<SpaceView> Spaces::list_of(const base::Ulid& user_id, const SpacePosition& after, int limit) {
    const auto& [kind, name, id] = after;
    return all_views(connection_.query(kListOf, {user_id, kind, kind, name, name, id, limit}));
}

std::vector<SpaceView> Spaces::list_all(const base::Ulid& user_id, const SpacePosition& after, int limit) {
    const auto& [kind, name, id] = after;
    return all_views(connection_.query(kListAll, {user_id, user_id, kind, kind, name, name, id, limit}));
}

void Spaces::set_name(const base::Ulid& id, std::string_view name) { connection_.execute(kSetName, {name, id}); }

void Spaces::set_quota(const base::Ulid& id, std::optional<std::int64_t> quota_bytes) {
    connection_.execute(kSetQuota, {quota_bytes, id});
}

void Spaces::make_team(const base::Ulid& id) { connection_.execute(kMakeTeam, {id}); }

}  // namespace bodega::store
