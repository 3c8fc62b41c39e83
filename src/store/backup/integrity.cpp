#include "store/backup/integrity.h"

#include <algorithm>
#include <set>

#include "store/sql_text.h"
#include "store/tree/space_lock.h"

namespace bodega::store {
namespace {

constexpr db::Sql kDangling{
    "integrity.dangling",
    "SELECT e.id, e.name, e.version FROM entries e LEFT JOIN blobs b ON b.id = e.blob_id "
    "WHERE e.kind = 1 AND b.id IS NULL "
    "UNION ALL SELECT e.id, e.name, v.version FROM versions v JOIN entries e ON e.id = v.entry_id "
    "LEFT JOIN blobs b ON b.id = v.blob_id WHERE b.id IS NULL LIMIT ?"};

constexpr std::string_view kHeld =
    "((SELECT COALESCE(SUM(e.size), 0) FROM entries e WHERE e.space_id = spaces.id) + "
    "(SELECT COALESCE(SUM(v.size), 0) FROM versions v JOIN entries o ON o.id = v.entry_id "
    "WHERE o.space_id = spaces.id))";
constexpr std::string_view kDriftsSelect = "SELECT id, name, used_bytes, held FROM (SELECT id, name, used_bytes, CAST(";
constexpr std::string_view kDriftsWhere = " AS SIGNED) AS held FROM spaces) counted WHERE used_bytes <> held";
constexpr std::string_view kSettleSet = "UPDATE spaces SET used_bytes = ";
constexpr std::string_view kSettleWhere = " WHERE id = ?";
constexpr db::Sql kDrifts{"integrity.drifts", kJoined<kDriftsSelect, kHeld, kDriftsWhere>};
constexpr db::Sql kSettle{"integrity.settle", kJoined<kSettleSet, kHeld, kSettleWhere>};

constexpr db::Sql kOrphans{"integrity.orphans",
                           "SELECT e.id, e.name FROM entries e LEFT JOIN entries p ON p.id = e.parent_id "
                           "WHERE e.parent_id IS NOT NULL AND (p.id IS NULL OR p.kind <> 0) LIMIT ?"};
constexpr db::Sql kLastFolder{"integrity.last_folder",
                              "SELECT MAX(id), COUNT(*) FROM (SELECT id FROM entries WHERE id > ? AND kind = 0 "
                              "ORDER BY id LIMIT ?) page"};
// Finds folders with 900 or more levels above them: those in or below a ring, because a tree has fewer levels.
constexpr db::Sql kEndless{
    "integrity.endless",
    "WITH RECURSIVE up (start, at, depth) AS ("
    "SELECT id, parent_id, 0 FROM entries WHERE id > ? AND id <= ? AND kind = 0 "
    "UNION ALL SELECT up.start, e.parent_id, up.depth + 1 FROM up JOIN entries e ON e.id = up.at "
    "WHERE up.depth < 900) SELECT start FROM up WHERE depth = 900 AND at IS NOT NULL"};
constexpr db::Sql kAbove{"integrity.above", "SELECT parent_id, name FROM entries WHERE id = ?"};

constexpr db::Sql kExtent{"integrity.extent", "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM blobs"};

}  // namespace

std::vector<Dangling> Integrity::dangling(int limit) {
    std::vector<Dangling> out;
    auto& row = connection_.query(kDangling, {limit});
    while (row.next()) out.push_back({row.ulid(0), std::string(row.text(1)), row.int64(2)});
    return out;
}

std::vector<Drift> Integrity::drifts() {
    std::vector<Drift> out;
    auto& row = connection_.query(kDrifts);
    while (row.next()) out.push_back({row.ulid(0), std::string(row.text(1)), row.int64(2), row.int64(3)});
    return out;
}

std::vector<Unreachable> Integrity::orphans(int limit) {
    std::vector<Unreachable> out;
    auto& row = connection_.query(kOrphans, {limit});
    while (row.next()) out.push_back({row.ulid(0), std::string(row.text(1)), 0});
    return out;
}

bool Integrity::rings(base::Ulid& after, int limit, std::vector<Unreachable>& found) {
    auto& page = connection_.query(kLastFolder, {after, limit});
    if (!page.next() || page.is_null(0)) return false;
    const base::Ulid last = page.ulid(0);
    const bool more = page.int64(1) == limit;
    page.reset();
    std::vector<base::Ulid> endless;
    auto& row = connection_.query(kEndless, {after, last});
    while (row.next()) endless.push_back(row.ulid(0));
    for (const base::Ulid& id : endless) {
        // Of the ring's folders, ring_of() returns the one with the smallest id. So each ring is reported only once.
        auto ring = ring_of(id);
        if (ring && ring->entry_id == id) found.push_back(std::move(*ring));
    }
    after = last;
    return more;
}

std::optional<Unreachable> Integrity::ring_of(const base::Ulid& folder_id) {
    std::vector<base::Ulid> way;
    std::set<base::Ulid> seen;
    std::optional<base::Ulid> at = folder_id;
    while (at && seen.insert(*at).second) {
        way.push_back(*at);
        auto& row = connection_.query(kAbove, {*at});
        at = row.next() ? row.optional_ulid(0) : std::nullopt;
        row.reset();
    }
    if (!at) return std::nullopt;
    const auto ring = std::find(way.begin(), way.end(), *at);
    Unreachable out{*std::min_element(ring, way.end()), "", static_cast<int>(way.end() - ring)};
    auto& row = connection_.query(kAbove, {out.entry_id});
    if (row.next()) out.name = row.text(1);
    row.reset();
    return out;
}

void Integrity::settle(const base::Ulid& space_id) {
    lock_space(connection_, space_id);
    connection_.execute(kSettle, {space_id});
}

Integrity::Extent Integrity::extent() {
    auto& row = connection_.query(kExtent);
    Extent out;
    if (row.next()) out = {row.int64(0), row.int64(1)};
    row.reset();
    return out;
}

}  // namespace bodega::store
