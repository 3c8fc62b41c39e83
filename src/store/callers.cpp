#include "store/callers.h"

#include "store/entry_row.h"
#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kOfSession = "SELECT u.id, u.username, u.role, s.id, s.last_seen_at, {now}";
constexpr std::string_view kOfToken = "SELECT u.id, u.username, u.role, s.id, s.last_used_at, {now}";
constexpr std::string_view kSession = " FROM sessions s JOIN users u ON u.id = s.user_id ";
constexpr std::string_view kToken = " FROM tokens s JOIN users u ON u.id = s.user_id ";
constexpr std::string_view kLiveSession = "WHERE s.hash = ? AND s.expires_at > {now} AND u.disabled = 0";
constexpr std::string_view kLiveToken =
    "WHERE s.hash = ? AND (s.expires_at IS NULL OR s.expires_at > {now}) AND u.disabled = 0";

constexpr std::string_view kEntryOf = ", c.role, ";
constexpr std::string_view kToEntry =
    "LEFT JOIN entries e ON e.id = ? LEFT JOIN members c ON c.space_id = e.space_id AND c.user_id = u.id "
    "LEFT JOIN users m ON m.id = e.modified_by LEFT JOIN users t ON t.id = e.trashed_by ";

constexpr db::Sql kFindSession{"callers.session", kJoined<kOfSession, kSession, kLiveSession>};
constexpr db::Sql kFindToken{"callers.token", kJoined<kOfToken, kToken, kLiveToken>};
constexpr db::Sql kSessionAt{"callers.session_at",
                             kJoined<kOfSession, kEntryOf, kEntryColumns, kSession, kToEntry, kLiveSession>};
constexpr db::Sql kTokenAt{"callers.token_at",
                           kJoined<kOfToken, kEntryOf, kEntryColumns, kToken, kToEntry, kLiveToken>};

constexpr std::string_view kReachSelect = "SELECT c.role, ";
constexpr std::string_view kMember = "JOIN members c ON c.space_id = e.space_id AND c.user_id = ? WHERE e.id = ?";
constexpr db::Sql kReach{"callers.reach", kJoined<kReachSelect, kEntryColumns, kEntryTables, kMember>};
constexpr db::Sql kRole{"callers.role", "SELECT role FROM members WHERE space_id = ? AND user_id = ?"};

constexpr int kRoleColumn = 6;

Caller read_caller(const db::Statement& row) {
    Caller caller;
    caller.user_id = row.ulid(0);
    caller.username = row.text(1);
    caller.role = parse_role(row.text(2)).value_or(Role::member);
    caller.credential_id = row.ulid(3);
    caller.seen_at = row.int64(4);
    caller.now = row.int64(5);
    return caller;
}

SpaceRole read_role(std::string_view text) { return parse_space_role(text).value_or(SpaceRole::viewer); }

}  // namespace

std::optional<Caller> Callers::find(SecretKind kind, const SecretHash& hash) {
    auto& row = connection_.query(kind == SecretKind::session ? kFindSession : kFindToken, {db::Blob{hash}});
    if (!row.next()) return std::nullopt;
    Caller caller = read_caller(row);
    row.reset();
    return caller;
}

std::optional<CallerAt> Callers::find_at(SecretKind kind, const SecretHash& hash, const base::Ulid& entry_id) {
    auto& row = connection_.query(kind == SecretKind::session ? kSessionAt : kTokenAt, {entry_id, db::Blob{hash}});
    if (!row.next()) return std::nullopt;
    CallerAt found{read_caller(row), std::nullopt};
    if (!row.is_null(kRoleColumn))
        found.reached = Reached{read_entry(row, kRoleColumn + 1), read_role(row.text(kRoleColumn))};
    row.reset();
    return found;
}

std::optional<Reached> Callers::reach(const base::Ulid& user_id, const base::Ulid& entry_id) {
    auto& row = connection_.query(kReach, {user_id, entry_id});
    if (!row.next()) return std::nullopt;
    Reached reached{read_entry(row, 1), read_role(row.text(0))};
    row.reset();
    return reached;
}

std::optional<SpaceRole> Callers::role_in(const base::Ulid& user_id, const base::Ulid& space_id) {
    auto& row = connection_.query(kRole, {space_id, user_id});
    if (!row.next()) return std::nullopt;
    SpaceRole role = read_role(row.text(0));
    row.reset();
    return role;
}

}  // namespace bodega::store
