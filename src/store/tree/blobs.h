// The repository of blobs: one row per file of the shared directory. References to them: blob_references.h.
//
// One object works on one connection, on its thread. Durations are milliseconds; ages are on the database's clock.
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

    // duplicate: the row exists, so an earlier attempt of the same publish was committed.
    db::Outcome insert(const BlobRow& blob);

    bool exists(const base::Ulid& id);
    std::optional<BlobRow> find(const base::Ulid& id);

    // Requires: nothing refers to the blob.
    void remove(const base::Ulid& id);

    // Returns at most `limit` blobs by id, after `after` (the nil id: from the first).
    std::vector<BlobRow> page(const base::Ulid& after, int limit);
    std::int64_t count();

    // Returns the blobs created last, at most `limit`, without released ones.
    std::vector<BlobRow> newest(int limit);

    // Returns blobs that were released longer than `grace` ago, at most `limit`.
    std::vector<base::Ulid> released(base::Milliseconds grace, int limit);

    // Removes the row if it is still released for longer than `grace` and no entry or version refers to it. If one
    // does, clears released_at. True: removed, and nothing can refer to the blob again. Does nothing while a backup
    // holds the lease that pins blobs. Requires: a transaction.
    bool remove_unreferenced(const base::Ulid& id, base::Milliseconds grace);

private:
    db::Connection& connection_;
};

// Blobs that an entry or a version refers to: an SQL condition on the table blobs.
inline constexpr std::string_view kReferencedBlobs =
    "EXISTS (SELECT 1 FROM entries e WHERE e.blob_id = blobs.id) OR "
    "EXISTS (SELECT 1 FROM versions v WHERE v.blob_id = blobs.id)";

// Returns a file whose current or former content is this blob; the first found.
std::optional<base::Ulid> entry_of_blob(db::Connection& connection, const base::Ulid& blob_id);

}  // namespace bodega::store
