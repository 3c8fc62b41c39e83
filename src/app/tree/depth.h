// Limits the depth of folders to files.max_depth levels below a space's root folder.
//
// Older versions had no limit, and the setting may have been higher. So deeper folders may exist. They stay and can be
// read, but nothing can be added to them.
#pragma once

#include "app/services.h"
#include "db/connection.h"
#include "store/tree/entries.h"

namespace bodega::app {

// The number of levels between a space's root folder and this folder; 0 for the root folder.
int folder_depth(store::Entries& entries, const store::Entry& folder);

// The number of levels of folders below this folder. Requires: a lock on the folder's space.
int folder_levels(db::Connection& connection, const store::Entry& folder);

// Throws Error{conflict} if `levels` levels do not fit below a folder of depth `depth`.
void require_depth(const Services& services, int depth, int levels);

}  // namespace bodega::app
