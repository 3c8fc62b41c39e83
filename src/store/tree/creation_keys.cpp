#include "store/tree/creation_keys.h"

#include <vector>

#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

constexpr db::Sql kFind{"creation_keys.find",
                        "SELECT request, upload_id, entry_id FROM creation_keys "
                        "WHERE user_id = ? AND key_hash = ? AND expires_at > {now}"};
constexpr db::Sql kRemoveOwnExpired{"creation_keys.remove_own_expired",
                                    "DELETE FROM creation_keys WHERE user_id = ? AND key_hash = ? "
                                    "AND expires_at <= {now}"};
constexpr db::Sql kInsert{"creation_keys.insert",
                          "INSERT INTO creation_keys (user_id, key_hash, request, expires_at) "
                          "VALUES (?, ?, ?, {now} + ?)"};
constexpr db::Sql kSetMade{"creation_keys.set_made",
                           "UPDATE creation_keys SET upload_id = ?, entry_id = ? WHERE user_id = ? AND key_hash = ?"};
constexpr db::Sql kExpired{"creation_keys.expired",
                           "SELECT user_id, key_hash FROM creation_keys WHERE expires_at <= {now} LIMIT ?"};

struct Expired {
    base::Ulid user_id;
    Sha256 key_hash;
};

}  // namespace

std::optional<Creation> CreationKeys::find(const base::Ulid& user_id, const Sha256& key_hash) {
    auto& row = connection_.query(kFind, {user_id, db::Blob{key_hash}});
    if (!row.next()) return std::nullopt;
    Creation out{read_sha256(row, 0).value(), row.optional_ulid(1), row.optional_ulid(2)};
    row.reset();
    return out;
}

db::Outcome CreationKeys::insert(const base::Ulid& user_id, const CreationKey& key, base::Milliseconds lifetime) {
    connection_.execute(kRemoveOwnExpired, {user_id, db::Blob{key.hash}});
    return connection_.execute(kInsert, {user_id, db::Blob{key.hash}, db::Blob{key.request}, lifetime}).outcome;
}

void CreationKeys::set_made(const base::Ulid& user_id, const Sha256& key_hash,
                            const std::optional<base::Ulid>& upload_id, const std::optional<base::Ulid>& entry_id) {
    connection_.execute(kSetMade, {upload_id, entry_id, user_id, db::Blob{key_hash}});
}

std::int64_t CreationKeys::remove_expired(int limit) {
    std::vector<Expired> expired;
    auto& row = connection_.query(kExpired, {limit});
    while (row.next()) expired.push_back({row.ulid(0), read_sha256(row, 1).value()});
    for (const Expired& one : expired) connection_.execute(kRemoveOwnExpired, {one.user_id, db::Blob{one.key_hash}});
    return static_cast<std::int64_t>(expired.size());
}

}  // namespace bodega::store
