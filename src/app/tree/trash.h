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
    // The names of the folders that the entry was in, without the space's root, joined by '/'. Empty if the entry was
    // in the root. std::nullopt if one of the folders is deleted for good or is in a space that the caller may not see.
    std::optional<std::string> original_path;
};

struct TrashListing {
    std::vector<TrashedEntry> items;
    std::optional<std::string> next_cursor;
};

// Moves the granted entry and everything below it to the trash of its space. Requires the editor's role. Throws
// Error{conflict} for a space's root folder.
void trash_entry(const Services& services, const Grant& grant);
// Moves the entry to the trash within the caller's transaction. Reads only the actor and the entry's id from the grant.
void trash_entry(db::Connection& connection, const Grant& grant);

// Deletes the granted entry for good, with everything below it and all versions; the entry may be in the trash. Hides
// all of it at once. If there are very many entries, the garbage collector deletes the last ones later. Requires the
// editor's role. Throws Error{conflict} for a space's root folder and for an entry inside a trashed tree.
void erase_entry(const Services& services, const Grant& grant);
// The first step of erase_entry, within the caller's transaction. Reads only the actor and the entry's id from the
// grant. Marks the entry: from the commit on it is hidden and can't be restored. Returns the entry's space, which
// delete_marked needs.
base::Ulid mark_for_deletion(db::Connection& connection, const Grant& grant);
// Deletes the marked entries of a space, in transactions of a limited size. If there are very many entries, the garbage
// collector deletes the last ones later.
void delete_marked(const Services& services, const base::Ulid& space_id);

struct RestoreAs {
    std::optional<base::Ulid> folder_id;  // the target folder; empty for the former folder
    std::optional<std::string> name;      // the new name; empty for the former name
};

// Restores a trashed entry. An entry inside a trashed tree can be restored without the tree. Its former folder is then
// the folder that the tree was in. Requires the editor's role in the entry's space and in the folder's space. Throws
// Error{conflict} if the entry is not in the trash, or if its former folder is deleted or in the trash; NameTaken;
// Error{name_invalid}; Error{quota_exceeded}; Error{not_found} for restore.folder_id.
store::Entry restore_entry(const Services& services, Authorizer& authorizer, const Grant& grant,
                           const RestoreAs& restore);
// Restores within the caller's transaction. Reads only the actor and the entry's id from the grant. Requires: a name
// that clean_name returned.
store::Entry restore_entry(db::Connection& connection, const Services& services, const Grant& grant,
                           const RestoreAs& restore);

// Throws Error{not_found} if the entry is marked for deletion, which means that erase_entry has begun.
void require_not_marked(db::Connection& connection, const store::Entry& entry);

// Lists the trash, newest entry first, for a member of the space. Throws Error{not_found}; Error{invalid} for an
// invalid cursor.
TrashListing list_trash(const Services& services, const Actor& actor, const base::Ulid& space_id,
                        const std::optional<std::string>& cursor, int limit);

// Deletes everything in a space's trash for good, as erase_entry does. Requires the editor's role in the space. Throws
// Error{not_found}, Error{forbidden}.
void empty_trash(const Services& services, const Actor& actor, const base::Ulid& space_id);

// Called by the garbage collector. Deletes for good the entries that have been in the trash for longer than
// files.trash_keep, and the entries that an interrupted erase_entry left behind. Returns the number of deleted entries;
// if it is at least `max`, there may be more to delete.
int expire_trash(const Services& services, base::Milliseconds now, int max);

}  // namespace bodega::app
