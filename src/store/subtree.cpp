#include "store/subtree.h"

#include "store/entry_row.h"
#include "store/space_lock.h"
#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kBelow =
    "WITH RECURSIVE below (id, depth) AS (SELECT id, 0 FROM entries WHERE id = ? "
    "UNION ALL SELECT c.id, below.depth + 1 FROM below JOIN entries c ON c.parent_id = below.id) ";

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
constexpr db::Sql kRead{"subtree.read", kJoined<kBelow, kSelect, kEntryColumns, kFromBelow>};

// An update of all of it. MySQL evaluates an IN (subquery) of an UPDATE for every row of the table, and
// SQLite has no join in an UPDATE of its own table that both would read alike: two texts.
constexpr std::string_view kIn = " WHERE id IN (";
constexpr std::string_view kIds = "SELECT id FROM below";
constexpr std::string_view kClose = ")";
constexpr std::string_view kUpdate = "UPDATE entries SET ";
constexpr std::string_view kJoin = "UPDATE entries e JOIN (";
constexpr std::string_view kOn = ") b ON b.id = e.id SET ";
constexpr std::string_view kTrashId = "trash_id = ?";
constexpr std::string_view kSpaceId = "space_id = ?";

constexpr std::string_view kMarkName = "subtree.mark_trashed";
constexpr db::Sql kMarkSqlite{kMarkName, kJoined<kUpdate, kTrashId, kIn, kBelow, kIds, kClose>};
constexpr db::Sql kMarkMysql{kMarkName, kJoined<kJoin, kBelow, kIds, kOn, kTrashId>};
constexpr std::string_view kSpaceName = "subtree.set_space";
constexpr db::Sql kSpaceSqlite{kSpaceName, kJoined<kUpdate, kSpaceId, kIn, kBelow, kIds, kClose>};
constexpr db::Sql kSpaceMysql{kSpaceName, kJoined<kJoin, kBelow, kIds, kOn, kSpaceId>};

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

void Subtree::mark_trashed() {
    if (connection_.dialect() == db::Dialect::sqlite) connection_.execute(kMarkSqlite, {top_, top_});
    else connection_.execute(kMarkMysql, {top_, top_});
}

void Subtree::move_to_space(const base::Ulid& from, const base::Ulid& to) {
    if (connection_.dialect() == db::Dialect::sqlite) connection_.execute(kSpaceSqlite, {to, top_});
    else connection_.execute(kSpaceMysql, {top_, to});
    const std::int64_t moved = bytes();
    charge_space(connection_, to, moved);
    charge_space(connection_, from, -moved);
}

std::vector<Entry> Subtree::read_below(int limit) {
    std::vector<Entry> out;
    auto& row = connection_.query(kRead, {top_, limit});
    while (row.next()) out.push_back(read_entry(row));
    return out;
}

}  // namespace bodega::store
