// The keys that clients sent with creations (Idempotency-Key), each with the upload or entry that was created. Times
// are on the database's clock. Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// `hash` is the SHA-256 of the key, `request` that of the request.
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

    // Returns the upload or entry that was created with an account's key. Returns nullopt if nothing was created, or if
    // the key has expired.
    std::optional<Creation> find(const base::Ulid& user_id, const Sha256& key_hash);

    // Returns duplicate if the key was used. Waits for another transaction that is inserting the same key. Requires: a
    // transaction.
    db::Outcome insert(const base::Ulid& user_id, const CreationKey& key, base::Milliseconds lifetime);

    // Sets which upload or entry was created. Requires: an inserted key.
    void set_made(const base::Ulid& user_id, const Sha256& key_hash, const std::optional<base::Ulid>& upload_id,
                  const std::optional<base::Ulid>& entry_id);

    // Removes at most `limit` expired keys, and returns how many.
    std::int64_t remove_expired(int limit);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
