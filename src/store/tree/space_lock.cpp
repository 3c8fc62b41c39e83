#include "store/tree/space_lock.h"

#include "base/error.h"

namespace bodega::store {
namespace {

constexpr db::Sql kLock{"spaces.lock", "SELECT id FROM spaces WHERE id = ?{for_update}"};
constexpr db::Sql kCharge{"spaces.charge", "UPDATE spaces SET used_bytes = used_bytes + ? WHERE id = ?"};
constexpr db::Sql kChargeFree{"spaces.charge_free",
                              "UPDATE spaces SET used_bytes = used_bytes + ? WHERE id = ? AND quota_bytes IS NULL"};

void free_quota(db::Connection& connection, const base::Ulid& space_id, std::int64_t bytes, const QuotaRules& rules) {
    const auto quota = space_quota_left(connection, space_id, rules.own_upload);
    if (!quota || *quota >= bytes) return;
    const std::int64_t lacking = bytes - *quota;
    const bool evicts = rules.evict_after > 0 && evictable_bytes(connection, space_id, rules.evict_after) >= lacking;
    if (evicts && evict_versions(connection, space_id, rules.evict_after, lacking) >= lacking) return;
    throw_quota_exceeded();
}

}  // namespace

void lock_space(db::Connection& connection, const base::Ulid& space_id) {
    auto& row = connection.query(kLock, {space_id});
    const bool there = row.next();
    row.reset();
    if (!there) throw base::Error(base::Code::not_found, "That space does not exist, or you are not in it.");
}

void lock_spaces(db::Connection& connection, const base::Ulid& one, const base::Ulid& other) {
    lock_space(connection, std::min(one, other));
    if (one != other) lock_space(connection, std::max(one, other));
}

void charge_space(db::Connection& connection, const base::Ulid& space_id, std::int64_t bytes, const QuotaRules& rules) {
    if (bytes == 0) return;
    if (bytes > 0) {
        if (connection.execute(kChargeFree, {bytes, space_id}).rows > 0) return;
        free_quota(connection, space_id, bytes, rules);
    }
    connection.execute(kCharge, {bytes, space_id});
}

}  // namespace bodega::store
