#include "store/auth/setup_tokens.h"

namespace bodega::store {
namespace {

constexpr db::Sql kInsert{"setup_tokens.insert", "INSERT INTO setup_tokens (hash, expires_at) VALUES (?, {now} + ?)"};
constexpr db::Sql kIsLive{"setup_tokens.is_live", "SELECT 1 FROM setup_tokens WHERE hash = ? AND expires_at > {now}"};
constexpr db::Sql kLock{"setup_tokens.lock", "SELECT hash FROM setup_tokens ORDER BY hash{for_update}"};
constexpr db::Sql kRemoveAll{"setup_tokens.remove_all", "DELETE FROM setup_tokens"};
constexpr db::Sql kRemoveExpired{"setup_tokens.remove_expired", "DELETE FROM setup_tokens WHERE expires_at <= {now}"};

}  // namespace

void SetupTokens::insert(const SecretHash& hash, base::Milliseconds lifetime) {
    connection_.execute(kInsert, {db::Blob{hash}, lifetime});
}

bool SetupTokens::is_live(const SecretHash& hash) {
    auto& row = connection_.query(kIsLive, {db::Blob{hash}});
    const bool live = row.next();
    row.reset();
    return live;
}

void SetupTokens::lock() {
    auto& row = connection_.query(kLock);
    while (row.next()) continue;
}

void SetupTokens::remove_all() { connection_.execute(kRemoveAll); }

void SetupTokens::remove_expired() { connection_.execute(kRemoveExpired); }

}  // namespace bodega::store
