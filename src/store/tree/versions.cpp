#include "store/tree/versions.h"

#include <string_view>

#include "store/sql_text.h"
#include "store/tree/blob_references.h"
#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT v.version, v.blob_id, v.size, v.mime, v.sha256, v.created_at, u.username, "
    "COALESCE(v.modified_at, v.created_at) "
    "FROM versions v LEFT JOIN users u ON u.id = v.created_by WHERE v.entry_id = ? ";
constexpr std::string_view kNewestFirst = "ORDER BY v.version DESC";
constexpr std::string_view kOne = "AND v.version = ?";

constexpr db::Sql kList{"versions.list", kJoined<kSelect, kNewestFirst>};
constexpr db::Sql kFind{"versions.find", kJoined<kSelect, kOne>};
constexpr db::Sql kKeepCurrent{
    "versions.keep_current",
    "INSERT INTO versions (entry_id, version, blob_id, size, mime, sha256, created_at, created_by, modified_at) "
    "SELECT id, version, blob_id, size, mime, sha256, "
    "CASE WHEN uploaded_version = version THEN uploaded_at ELSE modified_at END, modified_by, modified_at "
    "FROM entries WHERE id = ?"};
constexpr db::Sql kDelete{"versions.delete", "DELETE FROM versions WHERE entry_id = ? AND version = ?"};

Version read_version(const db::Statement& row) {
    Version v;
    v.number = row.int64(0);
    v.content.blob_id = row.ulid(1);
    v.content.size = row.int64(2);
    v.content.mime = row.text(3);
    v.content.sha256 = read_sha256(row, 4).value_or(Sha256{});
    v.created_at = row.int64(5);
    v.created_by = row.text(6);
    v.modified_at = row.int64(7);
    v.content.modified_at = v.modified_at;
    return v;
}

}  // namespace

std::vector<Version> Versions::list(const base::Ulid& entry_id) {
    std::vector<Version> out;
    auto& row = connection_.query(kList, {entry_id});
    while (row.next()) out.push_back(read_version(row));
    return out;
}

std::optional<Version> Versions::find(const base::Ulid& entry_id, std::int64_t number) {
    auto& row = connection_.query(kFind, {entry_id, number});
    if (!row.next()) return std::nullopt;
    Version found = read_version(row);
    row.reset();
    return found;
}

void Versions::keep_current(const base::Ulid& entry_id) { connection_.execute(kKeepCurrent, {entry_id}); }

std::int64_t Versions::remove(const base::Ulid& entry_id, std::int64_t number) {
    const auto version = find(entry_id, number);
    if (!version) return 0;
    release_blob(connection_, version->content.blob_id);
    return take(entry_id, number);
}

std::int64_t Versions::take(const base::Ulid& entry_id, std::int64_t number) {
    const auto version = find(entry_id, number);
    connection_.execute(kDelete, {entry_id, number});
    return version ? version->content.size : 0;
}

std::int64_t Versions::trim(const base::Ulid& entry_id, int keep) {
    const std::vector<Version> all = list(entry_id);
    std::int64_t bytes = 0;
    for (std::size_t i = static_cast<std::size_t>(std::max(keep, 0)); i < all.size(); ++i) {
        connection_.execute(kDelete, {entry_id, all[i].number});
        release_blob(connection_, all[i].content.blob_id);
        bytes += all[i].content.size;
    }
    return bytes;
}

}  // namespace bodega::store
