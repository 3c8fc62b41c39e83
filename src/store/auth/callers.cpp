#include "store/auth/callers.h"

#include <algorithm>
#include <array>

#include "store/sql_text.h"
#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

constexpr std::string_view kOfSession = "SELECT u.id, u.username, u.role, s.id, s.last_seen_at, {now}, 'admin'";
constexpr std::string_view kOfToken = "SELECT u.id, u.username, u.role, s.id, s.last_used_at, {now}, s.scope";
constexpr std::string_view kSession = " FROM sessions s JOIN users u ON u.id = s.user_id ";
constexpr std::string_view kToken = " FROM tokens s JOIN users u ON u.id = s.user_id ";
constexpr std::string_view kOfHash = "WHERE s.hash = ? AND ";
constexpr std::string_view kAll = "WHERE ";
constexpr std::string_view kLasting = "s.expires_at > {now} AND u.disabled = 0";
constexpr std::string_view kLastingToken = "(s.expires_at IS NULL OR s.expires_at > {now}) AND u.disabled = 0";
constexpr std::string_view kLiveSession = kJoined<kOfHash, kLasting>;
constexpr std::string_view kLiveToken = kJoined<kOfHash, kLastingToken>;
constexpr std::string_view kStillLiveSession = kJoined<kAll, kLasting>;
constexpr std::string_view kStillLiveToken = kJoined<kAll, kLastingToken>;

constexpr std::string_view kEntryOf = ", c.role, ";
constexpr std::string_view kEntryById = "LEFT JOIN entries e ON e.id = ? ";
constexpr std::string_view kToMember =
    "LEFT JOIN members c ON c.space_id = e.space_id AND c.user_id = u.id "
    "LEFT JOIN users m ON m.id = e.modified_by LEFT JOIN users t ON t.id = e.trashed_by ";
constexpr std::string_view kToEntry = kJoined<kEntryById, kToMember>;

constexpr db::Sql kFindSession{"callers.session", kJoined<kOfSession, kSession, kLiveSession>};
constexpr db::Sql kFindToken{"callers.token", kJoined<kOfToken, kToken, kLiveToken>};
constexpr db::Sql kSessionAt{"callers.session_at",
                             kJoined<kOfSession, kEntryOf, kEntryColumns, kSession, kToEntry, kLiveSession>};
constexpr db::Sql kTokenAt{"callers.token_at",
                           kJoined<kOfToken, kEntryOf, kEntryColumns, kToken, kToEntry, kLiveToken>};

constexpr std::string_view kReachSelect = "SELECT c.role, ";
constexpr std::string_view kMember = "JOIN members c ON c.space_id = e.space_id AND c.user_id = ? WHERE e.id = ?";
constexpr db::Sql kReach{"callers.reach", kJoined<kReachSelect, kEntryColumns, kEntryTables, kMember>};
constexpr db::Sql kRole{"callers.role",
                        "SELECT c.role FROM members c JOIN users u ON u.id = c.user_id AND u.disabled = 0 "
                        "WHERE c.space_id = ? AND c.user_id = ?"};

constexpr int kRoleColumn = 7;
constexpr int kPlaceColumn = kRoleColumn + 1 + kEntryColumnCount;

Caller read_caller(const db::Statement& row) {
    Caller caller;
    caller.user_id = row.ulid(0);
    caller.username = row.text(1);
    caller.role = parse_role(row.text(2)).value_or(Role::member);
    caller.credential_id = row.ulid(3);
    caller.seen_at = row.int64(4);
    caller.now = row.int64(5);
    caller.scope = parse_token_scope(row.text(6)).value_or(TokenScope::read);
    return caller;
}

SpaceRole read_role(std::string_view text);

CallerAt read_caller_at(const db::Statement& row) {
    CallerAt found{read_caller(row), std::nullopt};
    if (!row.is_null(kRoleColumn))
        found.reached = Reached{read_entry(row, kRoleColumn + 1), read_role(row.text(kRoleColumn))};
    return found;
}

// A statement for several look-ups, with parameters for a fixed number of them. Only a few sizes exist, so that each
// connection prepares few statements.
struct BatchStatement {
    std::size_t count;
    std::string name, text;

    db::Sql sql() const { return {name, text}; }
};

BatchStatement make_batch_statement(SecretKind kind, std::size_t count) {
    const bool session = kind == SecretKind::session;
    BatchStatement out{count, (session ? "callers.sessions_at" : "callers.tokens_at") + std::to_string(count), {}};
    out.text.append(session ? kOfSession : kOfToken).append(kEntryOf).append(kEntryColumns).append(", w.place FROM (");
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out.text += " UNION ALL ";
        out.text.append("SELECT ").append(std::to_string(i));
        out.text += " AS place, {bytes 32} AS hash, {bytes 16} AS entry_id";
    }
    out.text.append(") w JOIN ").append(session ? "sessions" : "tokens");
    out.text.append(" s ON s.hash = w.hash JOIN users u ON u.id = s.user_id LEFT JOIN entries e ON e.id = w.entry_id ");
    out.text.append(kToMember).append(session ? kStillLiveSession : kStillLiveToken);
    return out;
}

// Returns the shortest statement for at least `count` look-ups.
const BatchStatement& batch_statement_for(SecretKind kind, std::size_t count) {
    using Lengths = std::array<BatchStatement, 3>;
    auto make = [](SecretKind of) {
        return Lengths{make_batch_statement(of, 2), make_batch_statement(of, 6),
                       make_batch_statement(of, Callers::kMaxAtOnce)};
    };
    static const Lengths sessions = make(SecretKind::session), tokens = make(SecretKind::token);
    const Lengths& lengths = kind == SecretKind::session ? sessions : tokens;
    return *std::find_if(lengths.begin(), lengths.end() - 1, [&](const BatchStatement& s) { return s.count >= count; });
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

std::optional<CallerAt> Callers::find_at(SecretKind kind, const CallerAsked& asked) {
    auto& row =
        connection_.query(kind == SecretKind::session ? kSessionAt : kTokenAt, {asked.entry_id, db::Blob{asked.hash}});
    if (!row.next()) return std::nullopt;
    CallerAt found = read_caller_at(row);
    row.reset();
    return found;
}

std::vector<std::optional<CallerAt>> Callers::find_at(SecretKind kind, std::span<const CallerAsked> asked) {
    if (asked.size() == 1) return {find_at(kind, asked.front())};
    std::vector<std::optional<CallerAt>> found(asked.size());
    const BatchStatement& statement = batch_statement_for(kind, asked.size());
    std::vector<db::Param> params;
    params.reserve(2 * statement.count);
    for (std::size_t i = 0; i < statement.count; ++i) {
        // Unused parameters repeat the first look-up.
        const CallerAsked& one = asked[i < asked.size() ? i : 0];
        params.emplace_back(db::Blob{one.hash});
        params.emplace_back(one.entry_id);
    }
    db::Statement& row = connection_.prepare(statement.sql());
    row.run(params);
    while (row.next()) {
        const auto place = static_cast<std::size_t>(row.int64(kPlaceColumn));
        if (place < found.size()) found[place] = read_caller_at(row);
    }
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
