#include "store/tree/subtree.h"

#include "store/sql_text.h"
#include "store/tree/entry_row.h"
#include "store/tree/folder_state.h"
#include "store/tree/space_lock.h"

namespace bodega::store {
namespace {

// UNION keeps each id only once, so the recursion ends even if folders form a ring. The next two texts also select the
// depth, so the rows of a ring would all differ. Those texts stop at a depth of 900 instead.
constexpr std::string_view kBelow =
    "WITH RECURSIVE below (id) AS (SELECT id FROM entries WHERE id = ? "
    "UNION SELECT c.id FROM below JOIN entries c ON c.parent_id = below.id) ";
constexpr std::string_view kBelowByLevel =
    "WITH RECURSIVE below (id, depth) AS (SELECT id, 0 FROM entries WHERE id = ? "
    "UNION ALL SELECT c.id, below.depth + 1 FROM below JOIN entries c ON c.parent_id = below.id "
    "WHERE below.depth < 900) ";
constexpr std::string_view kFoldersBelowByLevel =
    "WITH RECURSIVE below (id, depth) AS (SELECT id, 0 FROM entries WHERE id = ? "
    "UNION ALL SELECT c.id, below.depth + 1 FROM below JOIN entries c ON c.parent_id = below.id AND c.kind = 0 "
    "WHERE below.depth < 900) ";

constexpr std::string_view kSumSizes =
    "SELECT CAST(COALESCE(SUM(e.size), 0) AS SIGNED) FROM below JOIN entries e ON e.id = below.id";
constexpr std::string_view kSumVersions =
    "SELECT CAST(COALESCE(SUM(v.size), 0) AS SIGNED) FROM below JOIN versions v ON v.entry_id = below.id";
constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFromBelow =
    " FROM below JOIN entries e ON e.id = below.id LEFT JOIN users m ON m.id = e.modified_by "
    "LEFT JOIN users t ON t.id = e.trashed_by WHERE below.depth > 0 ORDER BY below.depth LIMIT ?";

constexpr db::Sql kSizes{"subtree.sizes", kJoined<kBelow, kSumSizes>};
constexpr db::Sql kVersions{"subtree.versions", kJoined<kBelow, kSumVersions>};
constexpr std::string_view kDeepest = "SELECT COALESCE(MAX(depth), 0) FROM below";
constexpr db::Sql kLevels{"subtree.levels", kJoined<kFoldersBelowByLevel, kDeepest>};
constexpr db::Sql kRead{"subtree.read", kJoined<kBelowByLevel, kSelect, kEntryColumns, kFromBelow>};

// Update the whole subtree, with one text for each engine: IN (subquery) for SQLite, JOIN for MySQL. MySQL would
// evaluate the IN for every row of the table, and SQLite has no UPDATE with JOIN.
constexpr std::string_view kIn = " WHERE id IN (";
constexpr std::string_view kIds = "SELECT id FROM below";
constexpr std::string_view kClose = ")";
constexpr std::string_view kUpdate = "UPDATE entries SET ";
constexpr std::string_view kJoin = "UPDATE entries e JOIN (";
constexpr std::string_view kOn = ") b ON b.id = e.id SET ";
constexpr std::string_view kTrashId = "trash_id = ?";
// A folder's listing includes the space of each child, so every folder that moves to another space gets a new state
// (folder_state.h).
constexpr std::string_view kSpaceId = "space_id = ?, state = ";
constexpr std::string_view kOfFolder = "CASE WHEN kind = 0 THEN ";
constexpr std::string_view kElseKept = " ELSE state END";

constexpr std::string_view kMarkName = "subtree.mark_trashed";
constexpr db::Sql kMarkSqlite{kMarkName, kJoined<kUpdate, kTrashId, kIn, kBelow, kIds, kClose>};
constexpr db::Sql kMarkMysql{kMarkName, kJoined<kJoin, kBelow, kIds, kOn, kTrashId>};
constexpr std::string_view kLiveName = "subtree.mark_live";
constexpr std::string_view kNoTrashId = "trash_id = NULL";
constexpr db::Sql kLiveSqlite{kLiveName, kJoined<kUpdate, kNoTrashId, kIn, kBelow, kIds, kClose>};
constexpr db::Sql kLiveMysql{kLiveName, kJoined<kJoin, kBelow, kIds, kOn, kNoTrashId>};
constexpr std::string_view kSpaceName = "subtree.set_space";
constexpr db::Sql kSpaceSqlite{kSpaceName,
                               kJoined<kUpdate, kSpaceId, kOfFolder, kNextState, kElseKept, kIn, kBelow, kIds, kClose>};
constexpr db::Sql kSpaceMysql{kSpaceName,
                              kJoined<kJoin, kBelow, kIds, kOn, kSpaceId, kOfFolder, kNextState, kElseKept>};

// Move the open uploads of the subtree. Cheap: an index finds the uploads of a space, which are few.
constexpr std::string_view kUploadsName = "subtree.set_uploads_space";
constexpr std::string_view kSetUploads = "UPDATE uploads SET space_id = ? WHERE space_id = ? AND parent_id IN (";
constexpr std::string_view kJoinUploads = "UPDATE uploads u JOIN (";
constexpr std::string_view kOnParent = ") b ON b.id = u.parent_id SET u.space_id = ? WHERE u.space_id = ?";
constexpr db::Sql kUploadsSqlite{kUploadsName, kJoined<kSetUploads, kBelow, kIds, kClose>};
constexpr db::Sql kUploadsMysql{kUploadsName, kJoined<kJoinUploads, kBelow, kIds, kOnParent>};

std::int64_t number(db::Statement& row) {
    const std::int64_t value = row.next() ? row.int64(0) : 0;
    row.reset();
    return value;
}

}  // namespace

std::int64_t Subtree::bytes() {
    const std::int64_t sizes = number(connection_.query(kSizes, {top_}));
    return sizes + number(connection_.query(kVersions, {top_}));
}

int Subtree::levels() { return static_cast<int>(number(connection_.query(kLevels, {top_}))); }

void Subtree::mark_trashed() {
    if (connection_.dialect() == db::Dialect::sqlite) connection_.execute(kMarkSqlite, {top_, top_});
    else connection_.execute(kMarkMysql, {top_, top_});
}

void Subtree::mark_live() {
    connection_.execute(connection_.dialect() == db::Dialect::sqlite ? kLiveSqlite : kLiveMysql, {top_});
}

void Subtree::move_to_space(const base::Ulid& from, const base::Ulid& to, const QuotaRules& rules) {
    const std::int64_t chance = state_chance();
    if (connection_.dialect() == db::Dialect::sqlite) connection_.execute(kSpaceSqlite, {to, chance, top_});
    else connection_.execute(kSpaceMysql, {top_, to, chance});
    const std::int64_t moved = bytes();
    // Moves the uploads after the charge. Otherwise their announced bytes could make the charge fail.
    charge_space(connection_, to, moved, rules);
    charge_space(connection_, from, -moved);
    const auto& uploads = connection_.dialect() == db::Dialect::sqlite ? kUploadsSqlite : kUploadsMysql;
    if (connection_.dialect() == db::Dialect::sqlite) connection_.execute(uploads, {to, from, top_});
    else connection_.execute(uploads, {top_, to, from});
}

std::vector<Entry> Subtree::read_below(int limit) {
    std::vector<Entry> out;
    auto& row = connection_.query(kRead, {top_, limit});
    while (row.next()) out.push_back(read_entry(row));
    return out;
}

}  // namespace bodega::store
