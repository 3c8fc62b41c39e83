// The tree's repository: looking entries up, and the writes that keep its accounts.
//
// The accounts are a folder's child_count and state (which grows with every change of its children and is
// the listing's ETag), and a space's used_bytes. insert() and replace_content() keep them; a file is put so,
// in one transaction:
//
//   auto folder = entries.lock(parent_id);                      // locks its space; trashed or gone: not_found
//   auto there = entries.find_child(folder.id, name);
//   if (!there) entries.insert({…});                            // content: charges the space
//   else if (there->is_folder()) …                              // name_taken
//   else entries.replace_content(*there, content, user, now, versions_keep);
//
// One object works on one connection, on its thread. "Requires: a lock" means that the space's row is locked
// by this transaction (lock(), or lock_space).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_room.h"

namespace bodega::store {

struct NewEntry {
    base::Ulid id;
    base::Ulid space_id;
    std::optional<base::Ulid> parent_id;  // none: a space's root
    EntryKind kind = EntryKind::folder;
    std::string name;                   // as app::clean_name made it; a root's is empty
    std::string name_key;               // app::name_key of it
    std::optional<Content> content;     // of a file; its blob's row is there already
    base::Milliseconds now = 0;         // created_at, and modified_at unless the content has its own
    std::optional<base::Ulid> user_id;  // modified_by
};

// What an entry is to be called, and what follows from it.
struct NewName {
    std::string name;  // as app::clean_name made it
    std::string key;   // app::name_key of it
    std::string mime;  // of a file: the type that its name stands for; of a folder: empty
};

class Entries {
public:
    // rules: for the writes that charge a space.
    explicit Entries(db::Connection& connection, RoomRules rules = {}) : connection_(connection), rules_(rules) {}

    // Trashed ones too; look at is_live().
    std::optional<Entry> find(const base::Ulid& id);

    // The live child of this very name.
    std::optional<Entry> find_child(const base::Ulid& parent_id, std::string_view name);

    // Locks the entry's space and reads the entry again after it. Trashed ones too.
    // Throws Error{not_found} if it is gone. Requires: a transaction.
    Entry lock(const base::Ulid& id);

    // lock() for two at once, in the order of their spaces' ids.
    std::pair<Entry, Entry> lock_both(const base::Ulid& one, const base::Ulid& other);

    // lock() for a folder that is to take something in: throws Error{not_found} if it is gone or in the
    // trash, Error{conflict} if it is a file.
    Entry lock_folder(const base::Ulid& id);

    // From the space's root to the entry's parent; empty for a root and for the top of what is trashed. Of more than
    // kMostLevels, which only a damaged catalog or one of a former release has, the nearest.
    static constexpr int kMostLevels = 900;
    std::vector<PathStep> path(const base::Ulid& id);

    // The row, the parent's accounts, and the space's bytes. duplicate: the name is taken, nothing changed.
    // Throws Error{quota_exceeded}. Requires: a lock; the parent is a live folder of the same space.
    db::Outcome insert(const NewEntry& entry);

    // Gives a file new content: the old one becomes a version, those beyond the newest `versions_keep` are
    // let go, the parent's state grows, the space is charged. Returns the new version's number.
    // `credit`: bytes that the caller took from the space's files, which it is not charged for again.
    // Throws Error{quota_exceeded}. Requires: a lock; `file` as read after it; the new blob's row is there.
    std::int64_t replace_content(const Entry& file, const Content& content, const base::Ulid& user_id,
                                 base::Milliseconds now, int versions_keep, std::int64_t credit = 0);

    // Sets a child's new name; a folder is modified by it, a file's date stays its content's.
    // duplicate: taken, nothing changed. Requires: a lock.
    db::Outcome rename(const Entry& entry, const NewName& name, const base::Ulid& user_id, base::Milliseconds now);

    // Puts a live child into another live folder, under a name there, with all that is below it; a folder that
    // is named anew on the way is modified by it. duplicate: taken, nothing changed.
    // Throws Error{quota_exceeded} if the folder is in another space that has no room.
    // Requires: a lock on both spaces; the folder is not within the entry.
    db::Outcome move(const Entry& entry, const Entry& folder, const NewName& name, const base::Ulid& user_id,
                     base::Milliseconds now);

    // Sets its own date; when a file's content came stays as it is. Requires: a lock.
    void set_modified(const Entry& entry, base::Milliseconds at);

    // One change of a folder's children, `added` more of them (or fewer). Requires: a lock.
    void touch_folder(const base::Ulid& folder_id, std::int64_t added);

private:
    std::optional<base::Ulid> space_of(const base::Ulid& id);

    db::Connection& connection_;
    const RoomRules rules_;
};

}  // namespace bodega::store
