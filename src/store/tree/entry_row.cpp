#include "store/tree/entry_row.h"

#include <algorithm>

namespace bodega::store {

std::optional<Sha256> read_sha256(const db::Statement& row, int column) {
    const std::string_view bytes = row.text(column);
    Sha256 out;
    if (bytes.size() != out.size()) return std::nullopt;
    std::transform(bytes.begin(), bytes.end(), out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return out;
}

Entry read_entry(const db::Statement& row, int first) {
    int column = first;
    Entry e;
    e.id = row.ulid(column++);
    e.space_id = row.ulid(column++);
    e.parent_id = row.optional_ulid(column++);
    e.kind = row.int64(column++) == 0 ? EntryKind::folder : EntryKind::file;
    e.name = row.text(column++);
    e.size = row.int64(column++);
    e.mime = row.text(column++);
    e.blob_id = row.optional_ulid(column++);
    e.sha256 = read_sha256(row, column++);
    e.version = row.int64(column++);
    e.state = row.int64(column++);
    e.child_count = row.int64(column++);
    e.created_at = row.int64(column++);
    e.modified_at = row.int64(column++);
    e.modified_by = row.text(column++);
    e.trash_id = row.optional_ulid(column++);
    e.trashed_at = row.optional_int64(column++);
    e.trashed_by = row.text(column++);
    e.trash_parent_id = row.optional_ulid(column++);
    e.uploaded_at = row.optional_int64(column++);
    return e;
}

}  // namespace bodega::store
