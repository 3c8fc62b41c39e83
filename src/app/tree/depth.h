// Limits the depth of folders: files.max_depth levels below a space's root folder.
//
// Folders that are deeper already (from before there was a limit, or under a higher setting) stay and can be read.
// Nothing can be added to them.
#pragma once

#include "app/services.h"
#include "db/connection.h"
#include "store/tree/entries.h"

namespace bodega::app {

// The levels between a space's root folder, which is 0, and this folder.
int folder_depth(store::Entries& entries, const store::Entry& folder);

// The levels of folders below this one. Requires: a lock on its space.
int folder_levels(db::Connection& connection, const store::Entry& folder);

// Throws Error{conflict} if `levels` levels do not fit below a folder of depth `depth`.
void require_depth(const Services& services, int depth, int levels);

}  // namespace bodega::app
