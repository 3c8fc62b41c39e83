// From a grant to a lock: the entry as it is inside a transaction, and still what the grant was given for.
#pragma once

#include <string_view>
#include <utility>

#include "app/access.h"
#include "store/entries.h"

namespace bodega::app {

// The granted entry, live, with its space locked. Throws Error{not_found} if it was trashed or deleted
// meanwhile, Error{conflict} if it went to another space, where the grant says nothing.
store::Entry lock_granted(store::Entries& entries, const Grant& grant);

// The same for a folder that is to take something in; Error{conflict} if it is a file.
store::Entry lock_granted_folder(store::Entries& entries, const Grant& grant);

// The granted entry, live or not, and a granted folder, live, with the spaces of both locked.
std::pair<store::Entry, store::Entry> lock_granted_both(store::Entries& entries, const Grant& grant,
                                                        const Grant& folder);

// The error for a name that an insert or a move found taken; reads by whom.
[[noreturn]] void throw_name_taken(store::Entries& entries, const base::Ulid& folder_id, const std::string& name);

}  // namespace bodega::app
