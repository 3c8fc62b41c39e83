// Locks a granted entry in a transaction and checks the caller's role in the entry's current space.
//
// A grant was checked earlier. Since then the entry may have moved to another space, and the caller's membership may
// have ended. So the role is read again, for the space that was locked.
#pragma once

#include <string_view>
#include <utility>

#include "app/auth/authorizer.h"
#include "store/tree/entries.h"

namespace bodega::app {

using store::SpaceRole;

// Locks the space of the granted entry and returns the live entry, for a caller that is at least an editor there.
// Throws Error{not_found} if the entry was trashed, deleted or moved where the caller may not see it, Error{forbidden}
// below editor.
store::Entry lock_granted(db::Connection& connection, const Grant& grant);

// The same for an entry that may be in the trash.
store::Entry lock_granted_anywhere(db::Connection& connection, const Grant& grant);

// The same for a folder that gets a new child. Throws Error{conflict} if it is a file.
store::Entry lock_granted_folder(db::Connection& connection, const Grant& grant);

// Locks the spaces of both. Returns the granted entry, live or not, for a caller with at least the role `least` there,
// and the granted folder, live, for a caller that is an editor there.
std::pair<store::Entry, store::Entry> lock_granted_both(db::Connection& connection, const Grant& grant, SpaceRole least,
                                                        const Grant& folder);

// Throws the error for a name that an insert or a move found taken. Reads which entry has the name.
[[noreturn]] void throw_name_taken(store::Entries& entries, const base::Ulid& folder_id, const std::string& name);

}  // namespace bodega::app
