// Deleting, into the trash and for good, and bringing back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/trash.h"

namespace bodega::app {

struct TrashedEntry {
    store::Entry entry;
    // Names of the folders that it was in, joined by '/', without the space's own; empty: in the space's own.
    // none: one of them is gone for good, or in a space that the caller may not see.
    std::optional<std::string> original_path;
};

struct TrashListing {
    std::vector<TrashedEntry> items;
    std::optional<std::string> next_cursor;
};

// Moves the granted entry to the trash of its space, with all below it. Needs an editor.
// Throws Error{conflict} for a space's own folder.
void trash_entry(const Services& services, const Grant& grant);
// The same within a transaction of the caller's, for a grant of which only the actor and the entry's id count.
void trash_entry(db::Connection& connection, const Grant& grant);

// Deletes the granted entry for good, whether it is in the trash or not, with all below it and all versions.
// What it holds is out of sight at once; of very many entries, the last go with the next sweeps.
// Needs an editor. Throws Error{conflict} for a space's own folder and for what is below the top of what was trashed.
void erase_entry(const Services& services, const Grant& grant);
// Its first step, within a transaction of the caller's, for a grant as of trash_entry: from its commit on the entry is
// out of sight. Returns the space that it is in, for end_doomed.
base::Ulid doom_entry(db::Connection& connection, const Grant& grant);
// Ends what was doomed in a space, in transactions of a bounded size; of very many entries, the last are left to the
// sweeper.
void end_doomed(const Services& services, const base::Ulid& space_id);

struct RestoreAs {
    std::optional<base::Ulid> folder_id;  // none: where it was
    std::optional<std::string> name;      // none: as it was called
};

// Brings it back. What is below the top of something trashed comes back by itself; where it was is then where that top
// was. Needs an editor in both spaces, if the folder is in another one.
// Throws Error{conflict} if it is not in the trash, or if the folder where it was is gone or in the trash; NameTaken;
// Error{name_invalid}; Error{quota_exceeded}; Error{not_found} for a given folder.
store::Entry restore_entry(const Services& services, Access& access, const Grant& grant, const RestoreAs& restore);
// The same within a transaction of the caller's, for a grant as of trash_entry. Requires: a name as clean_name made it.
store::Entry restore_entry(db::Connection& connection, const Services& services, const Grant& grant,
                           const RestoreAs& restore);

// Throws Error{not_found} for an entry in the trash whose end has begun.
void require_not_doomed(db::Connection& connection, const store::Entry& entry);

// Newest first, for a member of the space. Throws Error{not_found}, Error{invalid} for a cursor that is none of ours.
TrashListing list_trash(const Services& services, const Actor& actor, const base::Ulid& space_id,
                        const std::optional<std::string>& cursor, int limit);

// Deletes all that is in a space's trash for good, as erase_entry does.
// Needs an editor of the space. Throws Error{not_found}, Error{forbidden}.
void empty_trash(const Services& services, const Actor& actor, const base::Ulid& space_id);

// For the sweeper: deletes for good what has been in the trash for longer than files.trash_keep, and what a
// deletion left behind. Returns how many entries; from `most` on there may be more.
int expire_trash(const Services& services, base::Milliseconds now, int most);

}  // namespace bodega::app
