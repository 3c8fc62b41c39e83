#include "store/tree/blobs.h"

#include "store/fleet/leases.h"
#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

constexpr db::Sql kInsert{"blobs.insert", "INSERT INTO blobs (id, size, sha256, created_at) VALUES (?, ?, ?, {now})"};
constexpr db::Sql kExists{"blobs.exists", "SELECT 1 FROM blobs WHERE id = ?"};
constexpr db::Sql kFind{"blobs.find", "SELECT id, size, sha256 FROM blobs WHERE id = ?"};
constexpr db::Sql kPage{"blobs.page", "SELECT id, size, sha256 FROM blobs WHERE id > ? ORDER BY id LIMIT ?"};
constexpr db::Sql kNewest{"blobs.newest",
                          "SELECT id, size, sha256 FROM blobs WHERE released_at IS NULL ORDER BY id DESC LIMIT ?"};
constexpr db::Sql kCount{"blobs.count", "SELECT COUNT(*) FROM blobs"};
constexpr db::Sql kReleased{"blobs.released",
                            "SELECT id FROM blobs WHERE released_at < {now} - ? ORDER BY released_at LIMIT ?"};
constexpr db::Sql kLock{"blobs.lock", "SELECT id FROM blobs WHERE id = ? AND released_at < {now} - ?{for_update}"};
constexpr db::Sql kKeep{"blobs.keep", "UPDATE blobs SET released_at = NULL WHERE id = ?"};
constexpr db::Sql kRemove{"blobs.remove", "DELETE FROM blobs WHERE id = ?"};
constexpr db::Sql kEntryOf{"blobs.entry_of", "SELECT id FROM entries WHERE blob_id = ? LIMIT 1"};
constexpr db::Sql kVersionOf{"blobs.version_of", "SELECT entry_id FROM versions WHERE blob_id = ? LIMIT 1"};

std::optional<base::Ulid> first_id(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    base::Ulid id = row.ulid(0);
    row.reset();
    return id;
}

std::vector<BlobRow> all_rows(db::Statement& row) {
    std::vector<BlobRow> out;
    while (row.next()) out.push_back({row.ulid(0), row.int64(1), read_sha256(row, 2).value_or(Sha256{})});
    return out;
}

std::vector<base::Ulid> all_ids(db::Statement& row) {
    std::vector<base::Ulid> out;
    while (row.next()) out.push_back(row.ulid(0));
    return out;
}

}  // namespace

db::Outcome Blobs::insert(const BlobRow& blob) {
    return connection_.execute(kInsert, {blob.id, blob.size, db::Blob{blob.sha256}}).outcome;
}

void Blobs::remove(const base::Ulid& id) { connection_.execute(kRemove, {id}); }

bool Blobs::exists(const base::Ulid& id) {
    auto& row = connection_.query(kExists, {id});
    bool there = row.next();
    row.reset();
    return there;
}

std::optional<BlobRow> Blobs::find(const base::Ulid& id) {
    std::vector<BlobRow> found = all_rows(connection_.query(kFind, {id}));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<BlobRow> Blobs::page(const base::Ulid& after, int limit) {
    return all_rows(connection_.query(kPage, {after, limit}));
}

std::vector<BlobRow> Blobs::newest(int limit) { return all_rows(connection_.query(kNewest, {limit})); }

std::int64_t Blobs::count() {
    auto& row = connection_.query(kCount);
    std::int64_t n = row.next() ? row.int64(0) : 0;
    row.reset();
    return n;
}

std::vector<base::Ulid> Blobs::released(base::Milliseconds grace, int limit) {
    return all_ids(connection_.query(kReleased, {grace, limit}));
}

bool Blobs::remove_unreferenced(const base::Ulid& id, base::Milliseconds grace) {
    if (!first_id(connection_.query(kLock, {id, grace}))) return false;
    // A transaction that adds a reference updates the blob's row first, so no reference can be added between this check
    // and the removal.
    if (entry_of_blob(connection_, id)) {
        connection_.execute(kKeep, {id});
        return false;
    }
    // The lease is checked last. A backup that takes the lease after this check takes its snapshot later still. No
    // entry or version refers to the blob by then, so the backup does not need the file.
    if (Leases(connection_).is_held(kBackupLease)) return false;
    return connection_.execute(kRemove, {id}).rows > 0;
}

std::optional<base::Ulid> entry_of_blob(db::Connection& connection, const base::Ulid& blob_id) {
    if (auto entry = first_id(connection.query(kEntryOf, {blob_id}))) return entry;
    return first_id(connection.query(kVersionOf, {blob_id}));
}

}  // namespace bodega::store
