// The repository of blobs: one row per file of the shared directory. References to them: blob_references.h.
//
// Each object uses one connection, on that connection's thread. Durations are milliseconds; ages are on the database's
// clock.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

struct BlobRow {
    base::Ulid id;
    std::int64_t size = 0;
    Sha256 sha256{};
};

class Blobs {
public:
    explicit Blobs(db::Connection& connection) : connection_(connection) {}

    // Returns duplicate if the row exists, because an earlier attempt of the same publish was committed.
    db::Outcome insert(const BlobRow& blob);

    bool exists(const base::Ulid& id);
    std::optional<BlobRow> find(const base::Ulid& id);

    // Requires: nothing refers to the blob.
    void remove(const base::Ulid& id);

    // Returns at most `limit` blobs sorted by id, beginning after the id `after` (nil: with the first blob).
    std::vector<BlobRow> page(const base::Ulid& after, int limit);
    std::int64_t count();

    // Returns at most `limit` blobs, the newest ones. Omits released blobs.
    std::vector<BlobRow> newest(int limit);

    // Returns blobs that were released longer than `grace` ago, at most `limit`.
    std::vector<base::Ulid> released(base::Milliseconds grace, int limit);

    // Removes the row of a blob that was released longer than `grace` ago and to which no entry or version refers.
    // Clears released_at if an entry or a version refers to it. Returns true if the row was removed; nothing can then
    // refer to the blob again. Removes nothing while a backup holds kBackupLease. Requires: a transaction.
    bool remove_unreferenced(const base::Ulid& id, base::Milliseconds grace);

private:
    db::Connection& connection_;
};

// Blobs that an entry or a version refers to: an SQL condition on the table blobs.
inline constexpr std::string_view kReferencedBlobs =
    "EXISTS (SELECT 1 FROM entries e WHERE e.blob_id = blobs.id) OR "
    "EXISTS (SELECT 1 FROM versions v WHERE v.blob_id = blobs.id)";

// Returns a file whose current content or one of whose versions is this blob.
std::optional<base::Ulid> entry_of_blob(db::Connection& connection, const base::Ulid& blob_id);

}  // namespace bodega::store
