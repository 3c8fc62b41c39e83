// The repository of the tree: looks up entries, and writes them.
//
// Each write also updates three numbers: a folder's child_count; a folder's state, which grows with every change of its
// children and is the listing's ETag; and a space's used_bytes. A file is written like this, in one transaction:
//
//   auto folder = entries.lock(parent_id);                      // locks its space; trashed or gone: not_found
//   auto there = entries.find_child(folder.id, name);
//   if (!there) entries.insert({…});                            // adds the content's bytes to used_bytes
//   else if (there->is_folder()) …                              // name_taken
//   else entries.replace_content(*there, content, user, now, versions_keep);
//
// Each object uses one connection, on that connection's thread. "Requires: a lock" means that this transaction has
// locked the space's row (lock(), or lock_space).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_quota.h"

namespace bodega::store {

struct NewEntry {
    base::Ulid id;
    base::Ulid space_id;
    std::optional<base::Ulid> parent_id;  // nullopt: a space's root
    EntryKind kind = EntryKind::folder;
    std::string name;                   // checked and in NFC (app::clean_name); empty for a root
    std::string name_key;               // key for sorting and searching (app::name_key)
    std::optional<Content> content;     // content of a file; its blob's row exists
    base::Milliseconds now = 0;         // created_at, and modified_at unless the content has its own
    std::optional<base::Ulid> user_id;  // the account that creates the entry; becomes modified_by
};

// An entry's new name, and the values derived from it.
struct NewName {
    std::string name;  // checked and in NFC (app::clean_name)
    std::string key;   // key for sorting and searching (app::name_key)
    std::string mime;  // for a file: the type of the name's extension; for a folder: empty
};

class Entries {
public:
    // `rules` apply to writes that charge a space.
    explicit Entries(db::Connection& connection, QuotaRules rules = {}) : connection_(connection), rules_(rules) {}

    // Also finds trashed entries; check is_live().
    std::optional<Entry> find(const base::Ulid& id);

    // Returns the live child with exactly this name.
    std::optional<Entry> find_child(const base::Ulid& parent_id, std::string_view name);

    // Locks the entry's space, and reads the entry again under the lock. Also finds trashed entries. Throws
    // Error{not_found} if the entry is gone. Requires: a transaction.
    Entry lock(const base::Ulid& id);

    // Like lock(), for two entries. Locks their spaces in the order of the spaces' ids.
    std::pair<Entry, Entry> lock_both(const base::Ulid& one, const base::Ulid& other);

    // Like lock(), for a folder that will receive an entry. Throws Error{not_found} if it is gone or in the trash,
    // Error{conflict} if it is a file.
    Entry lock_folder(const base::Ulid& id);

    // Returns the folders from the space's root to the entry's parent. Returns no folders for a root and for the top of
    // a trashed subtree. If there are more than kMaxLevels, returns the nearest ones; only a damaged catalog or one
    // from an old release has so many.
    static constexpr int kMaxLevels = 900;
    std::vector<PathStep> path(const base::Ulid& id);

    // Inserts the row, and updates the parent's totals and the space's bytes. Returns duplicate, and changes nothing,
    // if the name is taken. Throws Error{quota_exceeded}. Requires: a lock; the parent is a live folder of the same
    // space.
    db::Outcome insert(const NewEntry& entry);

    // Replaces a file's content: the old content becomes a version, versions beyond the newest `versions_keep` are
    // removed, the parent's state grows, the space is charged. Returns the new version's number. `credit` is the size
    // of a version that this transaction took with Versions::take(): the space's used_bytes still include it, so the
    // space is charged that much less. Throws Error{quota_exceeded}. Requires: a lock; `file` was read under it; the
    // new blob's row exists.
    std::int64_t replace_content(const Entry& file, const Content& content, const base::Ulid& user_id,
                                 base::Milliseconds now, int versions_keep, std::int64_t credit = 0);

    // Renames a child. A folder gets a new modification date; a file keeps the date of its content. Returns duplicate,
    // and changes nothing, if the name is taken. Requires: a lock.
    db::Outcome rename(const Entry& entry, const NewName& name, const base::Ulid& user_id, base::Milliseconds now);

    // Moves a live child with its subtree into another live folder, under the given name. A folder gets a new
    // modification date if its name changes. Returns duplicate, and changes nothing, if the name is taken. Throws
    // Error{quota_exceeded} if the target folder is in another space and that space has no room. Requires: a lock on
    // both spaces; the folder is not within the entry.
    db::Outcome move(const Entry& entry, const Entry& folder, const NewName& name, const base::Ulid& user_id,
                     base::Milliseconds now);

    // Sets the entry's own date; the upload time stays as it is. Requires: a lock.
    void set_modified(const Entry& entry, base::Milliseconds at);

    // Records a change of a folder's children: `added` is the change of their number. Requires: a lock.
    void touch_folder(const base::Ulid& folder_id, std::int64_t added);

private:
    std::optional<base::Ulid> space_of(const base::Ulid& id);

    db::Connection& connection_;
    const QuotaRules rules_;
};

}  // namespace bodega::store
