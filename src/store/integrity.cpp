#include "store/integrity.h"

#include "store/space_lock.h"
#include "store/sql_text.h"

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
