// The keys that clients sent with their creations (Idempotency-Key), each with what it made. Times are the database's
// clock's. One object works on one connection, on its thread.
#pragma once

#include <optional>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// request: SHA-256 of what was asked for.
struct CreationKey {
    Sha256 hash{};
    Sha256 request{};
};

struct Creation {
    Sha256 request{};
    std::optional<base::Ulid> upload_id;
    std::optional<base::Ulid> entry_id;
};

class CreationKeys {
public:
    explicit CreationKeys(db::Connection& connection) : connection_(connection) {}

    // What an account's key made; nullopt: nothing, or it expired.
    std::optional<Creation> find(const base::Ulid& user_id, const Sha256& key_hash);

    // duplicate: the key has made something; waits for another's transaction that is about to. Requires: a transaction.
    db::Outcome insert(const base::Ulid& user_id, const CreationKey& key, base::Milliseconds lifetime);

    // One of both is set. Requires: an inserted key.
    void set_made(const base::Ulid& user_id, const Sha256& key_hash, const std::optional<base::Ulid>& upload_id,
                  const std::optional<base::Ulid>& entry_id);

    // How many were removed, at most `limit`.
    std::int64_t remove_expired(int limit);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
