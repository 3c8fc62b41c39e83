// Selects an entry: the columns, the tables and the reading of a row, for every repository that joins entries.
//
//   SELECT <kEntryColumns> <kEntryTables> WHERE e.id = ?
//
// The aliases are e (entries), m (the user who modified the entry) and t (the user who trashed it).
#pragma once

#include <string_view>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

inline constexpr std::string_view kEntryColumns =
    " e.id, e.space_id, e.parent_id, e.kind, e.name, e.size, e.mime, e.blob_id, e.sha256, e.version, e.state,"
    " e.child_count, e.created_at, e.modified_at, m.username, e.trash_id, e.trashed_at, t.username,"
    " e.trash_parent_id,"
    " CASE WHEN e.kind = 0 THEN NULL WHEN e.uploaded_version = e.version THEN e.uploaded_at ELSE e.modified_at END ";

inline constexpr int kEntryColumnCount = 20;

inline constexpr std::string_view kEntryTables =
    " FROM entries e LEFT JOIN users m ON m.id = e.modified_by LEFT JOIN users t ON t.id = e.trashed_by ";

// Requires: the current row has kEntryColumns, starting at column `first`.
Entry read_entry(const db::Statement& row, int first = 0);

// Reads the 32 bytes of a digest column. Returns std::nullopt for NULL.
std::optional<Sha256> read_sha256(const db::Statement& row, int column);

}  // namespace bodega::store
