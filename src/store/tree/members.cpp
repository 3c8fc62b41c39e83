#include "store/tree/members.h"

namespace bodega::store {
namespace {

constexpr db::Sql kList{"members.list",
                        "SELECT c.user_id, u.username, c.role FROM members c JOIN users u ON u.id = c.user_id "
                        "WHERE c.space_id = ? AND u.username_key > ? ORDER BY u.username_key LIMIT ?"};
constexpr db::Sql kFind{"members.find",
                        "SELECT c.user_id, u.username, c.role FROM members c JOIN users u ON u.id = c.user_id "
                        "WHERE c.space_id = ? AND c.user_id = ?"};
constexpr db::Sql kLockManagers{"members.lock_managers",
                                "SELECT user_id FROM members WHERE space_id = ? AND role = 'manager' "
                                "AND EXISTS (SELECT 1 FROM users u WHERE u.id = members.user_id) "
                                "ORDER BY user_id{for_update}"};
constexpr db::Sql kPut{"members.put",
                       "INSERT INTO members (space_id, user_id, role) VALUES (?, ?, ?) "
                       "{on_conflict space_id,user_id} role = {excluded role}"};
constexpr db::Sql kRemove{"members.remove", "DELETE FROM members WHERE space_id = ? AND user_id = ?"};
constexpr db::Sql kRemoveEverywhere{"members.remove_everywhere", "DELETE FROM members WHERE user_id = ?"};
constexpr db::Sql kManaged{"members.managed_by",
                           "SELECT space_id FROM members WHERE user_id = ? AND role = 'manager' ORDER BY space_id"};
constexpr db::Sql kAlone{"members.managed_alone_by",
                         "SELECT c.space_id FROM members c WHERE c.user_id = ? AND c.role = 'manager' "
                         "AND NOT EXISTS (SELECT 1 FROM members o JOIN users u ON u.id = o.user_id "
                         "WHERE o.space_id = c.space_id AND o.role = 'manager' AND o.user_id <> c.user_id)"};

Member read_member(const db::Statement& row) {
    return {row.ulid(0), std::string(row.text(1)), parse_space_role(row.text(2)).value_or(SpaceRole::viewer)};
}

std::vector<base::Ulid> all_ids(db::Statement& row) {
    std::vector<base::Ulid> out;
    while (row.next()) out.push_back(row.ulid(0));
    return out;
}

}  // namespace

std::vector<Member> Members::list(const base::Ulid& space_id, std::string_view after, int limit) {
    std::vector<Member> members;
    auto& row = connection_.query(kList, {space_id, after, limit});
    while (row.next()) members.push_back(read_member(row));
    return members;
}

std::optional<Member> Members::find(const base::Ulid& space_id, const base::Ulid& user_id) {
    auto& row = connection_.query(kFind, {space_id, user_id});
    if (!row.next()) return std::nullopt;
    Member member = read_member(row);
    row.reset();
    return member;
}

std::int64_t Members::lock_managers(const base::Ulid& space_id) {
    std::int64_t count = 0;
    auto& row = connection_.query(kLockManagers, {space_id});
    while (row.next()) ++count;
    return count;
}

void Members::put(const base::Ulid& space_id, const base::Ulid& user_id, SpaceRole role) {
    connection_.execute(kPut, {space_id, user_id, space_role_name(role)});
}

bool Members::remove(const base::Ulid& space_id, const base::Ulid& user_id) {
    return connection_.execute(kRemove, {space_id, user_id}).rows > 0;
}

void Members::remove_everywhere(const base::Ulid& user_id) { connection_.execute(kRemoveEverywhere, {user_id}); }

std::vector<base::Ulid> Members::managed_by(const base::Ulid& user_id) {
    return all_ids(connection_.query(kManaged, {user_id}));
}

std::vector<base::Ulid> Members::managed_alone_by(const base::Ulid& user_id) {
    return all_ids(connection_.query(kAlone, {user_id}));
}

}  // namespace bodega::store
