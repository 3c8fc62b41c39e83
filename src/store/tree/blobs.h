// The blobs' repository: one row a file of the shared directory. References to them: blob_references.h.
//
// One object works on one connection, on its thread. Durations are milliseconds, ages on the database's clock.
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

    // duplicate: it is there already, so an earlier try of the same publish was committed.
    db::Outcome insert(const BlobRow& blob);

    bool exists(const base::Ulid& id);
    std::optional<BlobRow> find(const base::Ulid& id);

    // Of one that nothing refers to.
    void remove(const base::Ulid& id);

    // In the order of their ids, after `after` (the nil id: from the first), at most `limit`.
    std::vector<BlobRow> page(const base::Ulid& after, int limit);
    std::int64_t count();

    // Those that came last, at most `limit`, without what was released.
    std::vector<BlobRow> newest(int limit);

    // Those that were released longer than `grace` ago, at most `limit`.
    std::vector<base::Ulid> released(base::Milliseconds grace, int limit);

    // Removes the row if it was released longer than `grace` ago still and no entry and no version points at it; if one
    // does, forgets that it was released. True: removed, and nobody can come to it any more. Does nothing while a
    // backup holds the blobs. Requires: a transaction.
    bool remove_unreferenced(const base::Ulid& id, base::Milliseconds grace);

private:
    db::Connection& connection_;
};

// Those that an entry or a version points at: a condition on the table blobs, in SQL.
inline constexpr std::string_view kReferencedBlobs =
    "EXISTS (SELECT 1 FROM entries e WHERE e.blob_id = blobs.id) OR "
    "EXISTS (SELECT 1 FROM versions v WHERE v.blob_id = blobs.id)";

// The file whose current or former content a blob is, the first found.
std::optional<base::Ulid> entry_of_blob(db::Connection& connection, const base::Ulid& blob_id);

}  // namespace bodega::store
