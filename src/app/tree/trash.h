// Moves entries to the trash, restores them, and deletes them for good.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/trash.h"

namespace bodega::app {

struct TrashedEntry {
    store::Entry entry;
    // The names of the folders that the entry was in, joined by '/', without the space's root; "" for the root.
    // std::nullopt: one of them is deleted for good, or is in a space that the caller may not see.
    std::optional<std::string> original_path;
};

struct TrashListing {
    std::vector<TrashedEntry> items;
    std::optional<std::string> next_cursor;
};

// Moves the granted entry, with all below it, to the trash of its space. Requires the editor's role. Throws
// Error{conflict} for a space's root folder.
void trash_entry(const Services& services, const Grant& grant);
// The same within the caller's transaction. Of the grant it reads only the actor and the entry's id.
void trash_entry(db::Connection& connection, const Grant& grant);

// Deletes the granted entry for good, whether it is in the trash or not, with all below it and all versions. Everything
// below it is hidden at once; of very many entries, the garbage collector deletes the last ones later. Requires the
// editor's role. Throws Error{conflict} for a space's root folder and for an entry below the top of a trashed tree.
void erase_entry(const Services& services, const Grant& grant);
// The first step of erase_entry, within the caller's transaction, for a grant as in trash_entry. Marks the entry as
// marked: from the commit on it is hidden and can't be restored. Returns its space, for delete_marked.
base::Ulid mark_for_deletion(db::Connection& connection, const Grant& grant);
// Deletes the marked entries of a space, in transactions of a bounded size; of very many entries, the garbage collector
// deletes the last ones later.
void delete_marked(const Services& services, const base::Ulid& space_id);

struct RestoreAs {
    std::optional<base::Ulid> folder_id;  // empty: the folder that it was in
    std::optional<std::string> name;      // empty: its former name
};

// Restores a trashed entry. An entry below the top of a trashed tree can be restored by itself; its former folder is
// then the top's. Requires the editor's role in both spaces, if the folder is in another one. Throws Error{conflict} if
// the entry is not in the trash, or if its former folder is deleted or in the trash; NameTaken; Error{name_invalid};
// Error{quota_exceeded}; Error{not_found} for restore.folder_id.
store::Entry restore_entry(const Services& services, Authorizer& authorizer, const Grant& grant,
                           const RestoreAs& restore);
// The same within the caller's transaction, for a grant as in trash_entry. Requires: a name that clean_name returned.
store::Entry restore_entry(db::Connection& connection, const Services& services, const Grant& grant,
                           const RestoreAs& restore);

// Throws Error{not_found} for an entry that is marked for deletion (erase_entry has begun).
void require_not_marked(db::Connection& connection, const store::Entry& entry);

// Lists the trash newest first, for a member of the space. Throws Error{not_found}, Error{invalid} for an invalid
// cursor.
TrashListing list_trash(const Services& services, const Actor& actor, const base::Ulid& space_id,
                        const std::optional<std::string>& cursor, int limit);

// Deletes all that is in a space's trash for good, as erase_entry does. Requires the editor's role in the space. Throws
// Error{not_found}, Error{forbidden}.
void empty_trash(const Services& services, const Actor& actor, const base::Ulid& space_id);

// For the garbage collector: deletes for good the entries that have been in the trash for longer than files.trash_keep,
// and those that an erase_entry left behind. Returns how many; if that is at least `most` there may be more.
int expire_trash(const Services& services, base::Milliseconds now, int most);

}  // namespace bodega::app
