#include "store/space_lock.h"

#include "base/error.h"

namespace bodega::store {
namespace {

constexpr db::Sql kLock{"spaces.lock", "SELECT id FROM spaces WHERE id = ?{for_update}"};
constexpr db::Sql kCharge{"spaces.charge",
                          "UPDATE spaces SET used_bytes = used_bytes + ? "
                          "WHERE id = ? AND (quota_bytes IS NULL OR used_bytes + ? <= quota_bytes)"};
constexpr db::Sql kGiveBack{"spaces.give_back", "UPDATE spaces SET used_bytes = used_bytes + ? WHERE id = ?"};

}  // namespace

void lock_space(db::Connection& connection, const base::Ulid& space_id) {
    auto& row = connection.query(kLock, {space_id});
    const bool there = row.next();
    row.reset();
    if (!there) throw base::Error(base::Code::not_found, "That space does not exist.");
}

void lock_spaces(db::Connection& connection, const base::Ulid& one, const base::Ulid& other) {
    lock_space(connection, std::min(one, other));
    if (one != other) lock_space(connection, std::max(one, other));
}

void charge_space(db::Connection& connection, const base::Ulid& space_id, std::int64_t bytes) {
    if (bytes == 0) return;
    if (bytes < 0) {
        connection.execute(kGiveBack, {bytes, space_id});
    } else if (connection.execute(kCharge, {bytes, space_id, bytes}).rows == 0) {
        throw base::Error(base::Code::quota_exceeded,
                          "This space has no room for that. Delete something for good, or ask for a larger quota.");
    }
}

}  // namespace bodega::store
