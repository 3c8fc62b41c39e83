// Locks a granted entry in a transaction and checks the caller's role in the entry's current space.
//
// A grant was checked earlier. Since then the entry may have moved to another space, or the caller's membership may
// have ended. So these functions read the role again, after they have locked the space.
#pragma once

#include <string_view>
#include <utility>

#include "app/auth/authorizer.h"
#include "store/tree/entries.h"

namespace bodega::app {

using store::SpaceRole;

// Locks the granted entry's space and returns the entry. Throws Error{not_found} if the entry is in the trash, deleted,
// or in a space that the caller may not see, Error{forbidden} if the caller is not at least an editor there.
store::Entry lock_granted(db::Connection& connection, const Grant& grant);

// Does what lock_granted does, but the entry may be in the trash.
store::Entry lock_granted_anywhere(db::Connection& connection, const Grant& grant);

// Does what lock_granted does, for a folder that gets a new child. Throws Error{conflict} if the entry is a file.
store::Entry lock_granted_folder(db::Connection& connection, const Grant& grant);

// Locks the spaces of grant's entry and of `folder`, and returns the entry and the folder.
// grant: its entry may be in the trash. The caller needs at least the role `least` in the entry's space.
// folder: must not be in the trash. The caller must be an editor in its space.
std::pair<store::Entry, store::Entry> lock_granted_both(db::Connection& connection, const Grant& grant, SpaceRole least,
                                                        const Grant& folder);

// Throws NameTaken with the id of the entry that has the name. Called when an insert or a move has failed because the
// name is taken.
[[noreturn]] void throw_name_taken(store::Entries& entries, const base::Ulid& folder_id, const std::string& name);

}  // namespace bodega::app
