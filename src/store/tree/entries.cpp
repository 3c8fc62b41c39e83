#include "store/tree/entries.h"

#include <algorithm>

#include "base/error.h"
#include "store/sql_text.h"
#include "store/tree/entry_row.h"
#include "store/tree/folder_state.h"
#include "store/tree/space_lock.h"
#include "store/tree/subtree.h"
#include "store/tree/versions.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kById = "WHERE e.id = ?";
constexpr std::string_view kByName = "WHERE e.parent_id = ? AND e.name = ?";

constexpr db::Sql kFind{"entries.find", kJoined<kSelect, kEntryColumns, kEntryTables, kById>};
constexpr db::Sql kFindChild{"entries.find_child", kJoined<kSelect, kEntryColumns, kEntryTables, kByName>};
constexpr db::Sql kSpaceOf{"entries.space_of", "SELECT space_id FROM entries WHERE id = ?"};

// Finds the folders above an entry. `depth` is the number of levels above the entry; the entry itself (depth 0) is left
// out. The recursion ends at the root, or at kMaxLevels if the folders form a ring. kMaxLevels is below MySQL's own
// limit (cte_max_recursion_depth, 1000), at which MySQL would return an error.
constexpr db::Sql kPath{"entries.path",
                        "WITH RECURSIVE up (id, parent_id, name, depth) AS ("
                        "SELECT id, parent_id, name, 0 FROM entries WHERE id = ? "
                        "UNION ALL SELECT e.id, e.parent_id, e.name, up.depth + 1 "
                        "FROM up JOIN entries e ON e.id = up.parent_id WHERE up.depth < 900) "
                        "SELECT id, name FROM up WHERE depth > 0 ORDER BY depth DESC"};
static_assert(Entries::kMaxLevels == 900);

constexpr db::Sql kInsert{
    "entries.insert",
    "INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, size, mime, blob_id, sha256, created_at, "
    "modified_at, modified_by, uploaded_at, uploaded_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"};
// uploaded_version is assigned before `version`. After the assignment of `version`, MySQL would read its new value, and
// SQLite its old one.
constexpr db::Sql kReplace{
    "entries.replace",
    "UPDATE entries SET uploaded_version = version + 1, uploaded_at = ?, version = version + 1, "
    "size = ?, mime = ?, blob_id = ?, sha256 = ?, modified_at = ?, modified_by = ? WHERE id = ?"};
// A rename does not change a file's date, because it is the date of the content.
constexpr db::Sql kRename{"entries.rename",
                          "UPDATE entries SET name = ?, name_key = ?, mime = ?, "
                          "modified_at = CASE WHEN kind = 0 THEN ? ELSE modified_at END, "
                          "modified_by = CASE WHEN kind = 0 THEN ? ELSE modified_by END WHERE id = ?"};
constexpr db::Sql kMove{"entries.move",
                        "UPDATE entries SET parent_id = ?, name = ?, name_key = ?, mime = ?, "
                        "modified_at = CASE WHEN kind = 0 AND ? THEN ? ELSE modified_at END, "
                        "modified_by = CASE WHEN kind = 0 AND ? THEN ? ELSE modified_by END WHERE id = ?"};
// Sets the file's date, and keeps the time of the upload. The order of the assignments matters (see kReplace).
constexpr db::Sql kSetModified{"entries.set_modified",
                               "UPDATE entries SET uploaded_at = CASE WHEN uploaded_version = version THEN uploaded_at "
                               "ELSE modified_at END, uploaded_version = version, modified_at = ? WHERE id = ?"};
constexpr std::string_view kSetState = "UPDATE entries SET state = ";
constexpr std::string_view kSetCount = ", child_count = child_count + ? WHERE id = ?";
constexpr db::Sql kTouch{"entries.touch", kJoined<kSetState, kNextState, kSetCount>};

// Maximum tries to lock an entry's space, because the entry may move to another space before the lock.
constexpr int kLockTries = 4;

std::optional<Entry> only_row(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    Entry found = read_entry(row);
    row.reset();
    return found;
}

base::Error moving() { return {base::Code::unavailable, "That file or folder is being moved. Try again.", 1}; }

base::Error gone() { return {base::Code::not_found, "That file or folder does not exist (any more)."}; }

}  // namespace

std::optional<Entry> Entries::find(const base::Ulid& id) { return only_row(connection_.query(kFind, {id})); }

std::optional<Entry> Entries::find_child(const base::Ulid& parent_id, std::string_view name) {
    return only_row(connection_.query(kFindChild, {parent_id, name}));
}

std::optional<base::Ulid> Entries::space_of(const base::Ulid& id) {
    auto& row = connection_.query(kSpaceOf, {id});
    if (!row.next()) return std::nullopt;
    const base::Ulid space = row.ulid(0);
    row.reset();
    return space;
}

std::pair<Entry, Entry> Entries::lock_both(const base::Ulid& one, const base::Ulid& other) {
    for (int i = 0; i < kLockTries; ++i) {
        const auto space = space_of(one);
        const auto other_space = space ? space_of(other) : std::nullopt;
        if (!other_space) throw gone();
        lock_spaces(connection_, *space, *other_space);
        auto entry = find(one);
        auto other_entry = find(other);
        if (!entry || !other_entry) throw gone();
        if (entry->space_id == *space && other_entry->space_id == *other_space) {
            return {std::move(*entry), std::move(*other_entry)};
        }
    }
    throw moving();
}

Entry Entries::lock(const base::Ulid& id) {
    for (int i = 0; i < kLockTries; ++i) {
        const auto space = space_of(id);
        if (!space) throw gone();
        lock_space(connection_, *space);
        auto entry = find(id);
        if (!entry) throw gone();
        if (entry->space_id == *space) return std::move(*entry);
    }
    throw moving();
}

Entry Entries::lock_folder(const base::Ulid& id) {
    Entry folder = lock(id);
    if (!folder.is_live()) throw gone();
    if (!folder.is_folder()) throw base::Error(base::Code::conflict, "That is a file; only a folder holds others.");
    return folder;
}

std::vector<PathStep> Entries::path(const base::Ulid& id) {
    std::vector<PathStep> out;
    auto& row = connection_.query(kPath, {id});
    while (row.next()) out.push_back({row.ulid(0), std::string(row.text(1))});
    return out;
}

db::Outcome Entries::insert(const NewEntry& entry) {
    const db::Param digest = entry.content ? db::Param(db::Blob{entry.content->sha256}) : db::Param(db::Null{});
    const db::Param uploaded_at = entry.content ? db::Param(entry.now) : db::Param(db::Null{});
    const base::Milliseconds modified_at = entry.content ? entry.content->modified_at.value_or(entry.now) : entry.now;
    const auto changes =
        connection_.execute(kInsert, {entry.id, entry.space_id, entry.parent_id, static_cast<int>(entry.kind),
                                      entry.name, entry.name_key, entry.content ? entry.content->size : 0,
                                      entry.content ? std::string_view(entry.content->mime) : std::string_view(""),
                                      entry.content ? db::Param(entry.content->blob_id) : db::Param(db::Null{}), digest,
                                      entry.now, modified_at, entry.user_id, uploaded_at});
    if (changes.outcome == db::Outcome::duplicate) return changes.outcome;
    if (entry.parent_id) touch_folder(*entry.parent_id, 1);
    if (entry.content) charge_space(connection_, entry.space_id, entry.content->size, rules_);
    return db::Outcome::done;
}

std::int64_t Entries::replace_content(const Entry& file, const Content& content, const base::Ulid& user_id,
                                      base::Milliseconds now, int versions_keep, std::int64_t credit) {
    Versions versions(connection_);
    versions.keep_current(file.id);
    connection_.execute(kReplace, {now, content.size, content.mime, content.blob_id, db::Blob{content.sha256},
                                   content.modified_at.value_or(now), user_id, file.id});
    const std::int64_t given_back = versions.trim(file.id, versions_keep);
    touch_folder(*file.parent_id, 0);
    charge_space(connection_, file.space_id, content.size - given_back - credit, rules_);
    return file.version + 1;
}

db::Outcome Entries::rename(const Entry& entry, const NewName& name, const base::Ulid& user_id,
                            base::Milliseconds now) {
    const auto changes = connection_.execute(kRename, {name.name, name.key, name.mime, now, user_id, entry.id});
    if (changes.outcome == db::Outcome::done && entry.parent_id) touch_folder(*entry.parent_id, 0);
    return changes.outcome;
}

db::Outcome Entries::move(const Entry& entry, const Entry& folder, const NewName& name, const base::Ulid& user_id,
                          base::Milliseconds now) {
    const bool renamed = name.name != entry.name;
    const auto changes = connection_.execute(
        kMove, {folder.id, name.name, name.key, name.mime, renamed, now, renamed, user_id, entry.id});
    if (changes.outcome == db::Outcome::duplicate) return changes.outcome;
    touch_folder(*entry.parent_id, -1);
    touch_folder(folder.id, 1);
    if (entry.space_id != folder.space_id) {
        Subtree(connection_, entry.id).move_to_space(entry.space_id, folder.space_id, rules_);
    }
    return db::Outcome::done;
}

void Entries::set_modified(const Entry& entry, base::Milliseconds at) {
    connection_.execute(kSetModified, {at, entry.id});
    if (entry.parent_id) touch_folder(*entry.parent_id, 0);
}

void Entries::touch_folder(const base::Ulid& folder_id, std::int64_t added) {
    connection_.execute(kTouch, {state_chance(), added, folder_id});
}

}  // namespace bodega::store
