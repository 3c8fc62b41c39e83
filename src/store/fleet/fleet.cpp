#include "store/fleet/fleet.h"

namespace bodega::store {
namespace {

constexpr db::Sql kLeases{"fleet.leases",
                          "SELECT name, owner, fence, expires_at FROM leases WHERE expires_at > {now} ORDER BY name"};
constexpr db::Sql kUploads{"fleet.uploads",
                           "SELECT COUNT(*), SUM(CASE WHEN lease_until > {now} THEN 1 ELSE 0 END), SUM(received), "
                           "SUM(CASE WHEN length < received THEN received ELSE length END) FROM uploads WHERE entry_id "
                           "IS NULL AND expires_at > {now}"};
constexpr db::Sql kUsed{"fleet.used", "SELECT SUM(used_bytes) FROM spaces"};

}  // namespace

std::vector<HeldLease> Fleet::leases() {
    std::vector<HeldLease> leases;
    auto& row = connection_.query(kLeases);
    while (row.next()) leases.push_back({std::string(row.text(0)), row.ulid(1), row.int64(2), row.int64(3)});
    return leases;
}

UploadFigures Fleet::uploads() {
    UploadFigures figures;
    auto& row = connection_.query(kUploads);
    if (row.next()) figures = {row.int64(0), row.int64(1), row.int64(2), row.int64(3)};
    row.reset();
    return figures;
}

std::int64_t Fleet::used_bytes() {
    auto& row = connection_.query(kUsed);
    std::int64_t used = row.next() ? row.int64(0) : 0;
    row.reset();
    return used;
}

}  // namespace bodega::store
