// From a grant to a lock: the entry as it is inside a transaction, and the rights of the caller where it is now.
//
// A grant is the answer to an earlier question. Meanwhile the entry may have gone to another space, and the caller's
// membership may have ended: the role is asked again, of the space that was locked.
#pragma once

#include <string_view>
#include <utility>

#include "app/auth/authorizer.h"
#include "store/tree/entries.h"

namespace bodega::app {

using store::SpaceRole;

// The granted entry, live, with its space locked, in which the caller is at least an editor. Throws Error{not_found}
// if it was trashed or deleted meanwhile or went where the caller may not see it, Error{forbidden} below editor.
store::Entry lock_granted(db::Connection& connection, const Grant& grant);

// The same for one that may be in the trash.
store::Entry lock_granted_anywhere(db::Connection& connection, const Grant& grant);

// The same for a folder that is to take something in; Error{conflict} if it is a file.
store::Entry lock_granted_folder(db::Connection& connection, const Grant& grant);

// The granted entry, live or not, for a caller that is at least `least` where it is, and a granted folder, live, for
// an editor, with the spaces of both locked.
std::pair<store::Entry, store::Entry> lock_granted_both(db::Connection& connection, const Grant& grant, SpaceRole least,
                                                        const Grant& folder);

// The error for a name that an insert or a move found taken; reads by whom.
[[noreturn]] void throw_name_taken(store::Entries& entries, const base::Ulid& folder_id, const std::string& name);

}  // namespace bodega::app
