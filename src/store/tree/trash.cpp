#include "store/tree/trash.h"

#include "store/sql_text.h"
#include "store/tree/blob_references.h"
#include "store/tree/entry_row.h"
#include "store/tree/space_lock.h"
#include "store/tree/subtree.h"
#include "store/tree/versions.h"

namespace bodega::store {
namespace {

// The value of trashed_at for a top that is marked for deletion. It is earlier than all others, so such a top counts as
// expired and is found first.
constexpr base::Milliseconds kMarked = 0;

constexpr db::Sql kPut{"trash.put",
                       "UPDATE entries SET parent_id = NULL, trash_id = id, trashed_at = ?, trashed_by = ?, "
                       "trash_parent_id = ? WHERE id = ?"};
constexpr db::Sql kRestoreTop{"trash.restore_top",
                              "UPDATE entries SET parent_id = ?, name = ?, name_key = ?, mime = ?, trashed_at = NULL, "
                              "trashed_by = NULL, trash_parent_id = NULL WHERE id = ?"};
constexpr db::Sql kUnmark{"trash.unmark", "UPDATE entries SET trash_id = NULL WHERE trash_id = ?"};
constexpr db::Sql kMark{"trash.doom", "UPDATE entries SET trashed_at = 0 WHERE id = ?"};
constexpr db::Sql kMarkBefore{
    "trash.doom_before", "UPDATE entries SET trashed_at = 0 WHERE space_id = ? AND trashed_at > 0 AND trashed_at < ?"};

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFromTrash =
    " FROM entries e {use_index entries_trash} LEFT JOIN users m ON m.id = e.modified_by "
    "LEFT JOIN users t ON t.id = e.trashed_by WHERE e.space_id = ? AND ";
constexpr std::string_view kBefore = "e.trashed_at < ? AND e.trashed_at > 0 ";
constexpr std::string_view kSameTime = "e.trashed_at = ? AND e.id < ? ";
constexpr std::string_view kNewestFirst = "ORDER BY e.trashed_at DESC, e.id DESC LIMIT ?";
constexpr std::string_view kByIdDown = "ORDER BY e.id DESC LIMIT ?";
constexpr db::Sql kListBefore{"trash.list", kJoined<kSelect, kEntryColumns, kFromTrash, kBefore, kNewestFirst>};
constexpr db::Sql kListSame{"trash.list_same", kJoined<kSelect, kEntryColumns, kFromTrash, kSameTime, kByIdDown>};

// The path up from the entry's former parent. If a folder on the path is itself in the trash, the path continues at its
// former parent.
constexpr db::Sql kOriginalPath{"trash.original_path",
                                "WITH RECURSIVE up (id, space_id, above, name, depth) AS ("
                                "SELECT id, space_id, COALESCE(parent_id, trash_parent_id), name, 0 FROM entries "
                                "WHERE id = ? UNION ALL SELECT e.id, e.space_id, COALESCE(e.parent_id, "
                                "e.trash_parent_id), e.name, up.depth + 1 "
                                "FROM up JOIN entries e ON e.id = up.above WHERE up.depth < 900) "
                                "SELECT up.name, up.above, c.role FROM up LEFT JOIN members c "
                                "ON c.space_id = up.space_id AND c.user_id = ? ORDER BY up.depth DESC"};

constexpr db::Sql kBelow{"trash.below", "SELECT id FROM entries WHERE trash_id = ? AND id <> ? LIMIT ?"};
constexpr db::Sql kContent{"trash.content", "SELECT blob_id, size, version FROM entries WHERE id = ?"};
constexpr db::Sql kDelete{"trash.delete", "DELETE FROM entries WHERE id = ?"};
constexpr db::Sql kMarkedTops{
    "trash.doomed", "SELECT id FROM entries {use_index entries_trash} WHERE space_id = ? AND trashed_at = 0 LIMIT ?"};
constexpr db::Sql kHasExpired{
    "trash.has_expired",
    "SELECT id FROM entries {use_index entries_trash} WHERE space_id = ? AND trashed_at < ? LIMIT 1"};
constexpr db::Sql kSpaces{"trash.spaces", "SELECT id FROM spaces"};

constexpr base::Milliseconds kEndOfTime = std::int64_t{1} << 60;

void read_tops(db::Statement& row, std::vector<Entry>& items) {
    while (row.next()) items.push_back(read_entry(row));
}

std::vector<base::Ulid> read_ids(db::Statement& row) {
    std::vector<base::Ulid> out;
    while (row.next()) out.push_back(row.ulid(0));
    return out;
}

}  // namespace

bool is_marked_for_deletion(const Entry& entry) noexcept { return entry.trashed_at == kMarked; }

void Trash::put(const Entry& entry, const base::Ulid& user_id, base::Milliseconds now) {
    if (entry.child_count > 0) Subtree(connection_, entry.id).mark_trashed();
    connection_.execute(kPut, {now, user_id, entry.parent_id, entry.id});
    Entries(connection_).touch_folder(*entry.parent_id, -1);
}

db::Outcome Trash::restore(const Entry& entry, const Entry& folder, const NewName& name) {
    const auto changes = connection_.execute(kRestoreTop, {folder.id, name.name, name.key, name.mime, entry.id});
    if (changes.outcome == db::Outcome::duplicate) return changes.outcome;
    if (entry.parent_id) {
        Subtree(connection_, entry.id).mark_live();
        Entries(connection_).touch_folder(*entry.parent_id, -1);
    } else {
        connection_.execute(kUnmark, {entry.id});
    }
    Entries(connection_).touch_folder(folder.id, 1);
    if (folder.space_id != entry.space_id)
        Subtree(connection_, entry.id).move_to_space(entry.space_id, folder.space_id, rules_);
    return db::Outcome::done;
}

TrashPage Trash::list(const base::Ulid& space_id, const std::optional<TrashPosition>& after, int limit) {
    TrashPage page;
    const auto max = static_cast<std::size_t>(limit);
    if (after) read_tops(connection_.query(kListSame, {space_id, after->trashed_at, after->id, max + 1}), page.items);
    if (page.items.size() <= max) {
        const auto before = after ? after->trashed_at : kEndOfTime;
        read_tops(connection_.query(kListBefore, {space_id, before, max + 1 - page.items.size()}), page.items);
    }
    if (page.items.size() > max) {
        page.items.resize(max);
        page.last = TrashPosition{page.items.back().trashed_at.value_or(0), page.items.back().id};
    }
    return page;
}

std::optional<std::vector<std::string>> Trash::original_path(const Entry& entry, const base::Ulid& user_id) {
    if (!entry.trash_parent_id) return std::nullopt;
    std::vector<std::string> names;
    bool from_root = false, seen = true;
    auto& row = connection_.query(kOriginalPath, {*entry.trash_parent_id, user_id});
    while (row.next()) {
        seen &= !row.is_null(2);
        if (names.empty() && !from_root) from_root = row.is_null(1);
        if (!row.text(0).empty()) names.emplace_back(row.text(0));
    }
    if (!from_root || !seen) return std::nullopt;
    return names;
}

void Trash::mark_for_deletion(const base::Ulid& top) { connection_.execute(kMark, {top}); }

void Trash::mark_older_for_deletion(const base::Ulid& space_id, base::Milliseconds cutoff) {
    connection_.execute(kMarkBefore, {space_id, cutoff});
}

std::int64_t Trash::erase_entry(const base::Ulid& id) {
    auto& row = connection_.query(kContent, {id});
    if (!row.next()) return 0;
    const std::optional<base::Ulid> blob = row.optional_ulid(0);
    std::int64_t bytes = row.int64(1);
    const bool has_versions = row.int64(2) > 1;
    row.reset();
    if (has_versions) bytes += Versions(connection_).trim(id, 0);
    if (blob) release_blob(connection_, *blob);
    connection_.execute(kDelete, {id});
    return bytes;
}

int Trash::delete_some_marked(const base::Ulid& space_id, int limit) {
    int left = limit;
    std::int64_t bytes = 0;
    for (const base::Ulid& top : read_ids(connection_.query(kMarkedTops, {space_id, limit}))) {
        if (left == 0) break;
        std::vector<base::Ulid> ids = read_ids(connection_.query(kBelow, {top, top, left}));
        if (static_cast<int>(ids.size()) < left) ids.push_back(top);
        for (const base::Ulid& id : ids) bytes += erase_entry(id);
        left -= static_cast<int>(ids.size());
    }
    charge_space(connection_, space_id, -bytes);
    return limit - left;
}

bool Trash::has_expired(const base::Ulid& space_id, base::Milliseconds cutoff) {
    return !read_ids(connection_.query(kHasExpired, {space_id, cutoff})).empty();
}

std::vector<base::Ulid> Trash::spaces_with_expired(base::Milliseconds cutoff) {
    auto spaces = read_ids(connection_.query(kSpaces));
    std::erase_if(spaces, [&](const base::Ulid& space) { return !has_expired(space, cutoff); });
    return spaces;
}

}  // namespace bodega::store
