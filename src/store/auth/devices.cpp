#include "store/auth/devices.h"

namespace bodega::store {
namespace {

constexpr db::Sql kKnows{"devices.knows",
                         "SELECT 1 FROM devices WHERE hash = ? AND user_id = ? AND expires_at > {now}"};
constexpr db::Sql kPut{"devices.put",
                       "INSERT INTO devices (hash, user_id, seen_at, expires_at) VALUES (?, ?, {now}, {now} + ?) "
                       "{on_conflict hash, user_id} seen_at = {excluded seen_at}, expires_at = {excluded expires_at}"};
constexpr db::Sql kOldest{"devices.beyond",
                          "SELECT seen_at FROM devices WHERE user_id = ? ORDER BY seen_at DESC LIMIT 1 OFFSET ?"};
constexpr db::Sql kTrim{"devices.trim", "DELETE FROM devices WHERE user_id = ? AND seen_at <= ?"};
constexpr db::Sql kRename{"devices.rename", "UPDATE devices SET hash = ? WHERE hash = ?"};
constexpr db::Sql kRemoveAll{"devices.remove_all", "DELETE FROM devices WHERE user_id = ?"};
constexpr db::Sql kRemoveExpired{"devices.remove_expired", "DELETE FROM devices WHERE expires_at <= {now}"};

}  // namespace

bool Devices::knows(const SecretHash& hash, const base::Ulid& user_id) {
    auto& row = connection_.query(kKnows, {db::Blob{hash}, user_id});
    const bool known = row.next();
    row.reset();
    return known;
}

void Devices::remember(const SecretHash& hash, const base::Ulid& user_id, base::Milliseconds lifetime, int keep) {
    connection_.execute(kPut, {db::Blob{hash}, user_id, lifetime});
    auto& row = connection_.query(kOldest, {user_id, keep});
    const std::optional<base::Milliseconds> oldest = row.next() ? std::optional(row.int64(0)) : std::nullopt;
    row.reset();
    if (oldest) connection_.execute(kTrim, {user_id, *oldest});
}

void Devices::rename(const SecretHash& from, const SecretHash& to) {
    connection_.execute(kRename, {db::Blob{to}, db::Blob{from}});
}

void Devices::remove_all(const base::Ulid& user_id) { connection_.execute(kRemoveAll, {user_id}); }

void Devices::remove_expired() { connection_.execute(kRemoveExpired); }

}  // namespace bodega::store
