#include "store/tree/copies.h"

#include <set>
#include <vector>

#include "base/error.h"

namespace bodega::store {
namespace {

// Rows per statement: enough to make the round trip's cost negligible.
constexpr std::size_t kRows = 64;

std::string repeated(std::string_view what, std::size_t times) {
    std::string out(what);
    for (std::size_t i = 1; i < times; ++i) out.append(", ").append(what);
    return out;
}

std::string insert_text(std::size_t rows) {
    return "INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, size, mime, blob_id, sha256, "
           "child_count, created_at, modified_at, modified_by, uploaded_at, uploaded_version) VALUES " +
           repeated("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)", rows);
}

// Statements for kRows rows, and for one row.
const std::string kInsertMany = insert_text(kRows), kInsertOne = insert_text(1);
const std::string kRetain = "UPDATE blobs SET released_at = NULL WHERE id IN (" + repeated("?", kRows) + ")";

// Retains at most kRows blobs. Unused parameters of the statement repeat the last blob.
void retain(db::Connection& connection, const std::set<base::Ulid>& blobs) {
    if (blobs.empty()) return;
    std::vector<db::Param> params(blobs.begin(), blobs.end());
    params.resize(kRows, params.back());
    auto& statement = connection.prepare({"copies.retain", kRetain});
    statement.run(params);
    if (statement.changes().rows != static_cast<std::int64_t>(blobs.size())) {
        throw base::Error(base::Code::conflict, "Some of it was deleted for good meanwhile. Try again.");
    }
}

}  // namespace

void insert_copies(db::Connection& connection, std::span<const Copy> copies, const base::Ulid& space_id,
                   const base::Ulid& user_id, base::Milliseconds now) {
    while (!copies.empty()) {
        const std::size_t rows = copies.size() >= kRows ? kRows : 1;
        std::vector<db::Param> params;
        std::set<base::Ulid> blobs;
        for (const Copy& copy : copies.first(rows)) {
            const Entry& source = *copy.source;
            if (source.blob_id) blobs.insert(*source.blob_id);
            const db::Param digest = source.sha256 ? db::Param(db::Blob{*source.sha256}) : db::Param(db::Null{});
            params.insert(params.end(),
                          {copy.id, space_id, copy.parent_id, static_cast<int>(source.kind), copy.name, copy.name_key,
                           source.size, copy.mime, source.blob_id, digest, source.child_count, now,
                           source.is_folder() ? now : source.modified_at, user_id, now});
        }
        retain(connection, blobs);
        auto& statement = connection.prepare({"copies.insert", rows == 1 ? kInsertOne : kInsertMany});
        statement.run(params);
        if (statement.changes().outcome == db::Outcome::duplicate) {
            throw base::Error(base::Code::internal, "copies.insert: a copy's name was taken");
        }
        copies = copies.subspan(rows);
    }
}

}  // namespace bodega::store
