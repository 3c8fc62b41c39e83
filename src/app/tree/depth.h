// How deep folders may be in folders: files.max_depth levels below a space's own.
//
// What is deeper already, from before there was a bound or from another setting, stays and can be read; nothing goes
// in.
#pragma once

#include "app/services.h"
#include "db/connection.h"
#include "store/tree/entries.h"

namespace bodega::app {

// Levels between a space's own folder, which is 0, and this one.
int folder_depth(store::Entries& entries, const store::Entry& folder);

// Levels of folders below this one. Requires: a lock on its space.
int folder_levels(db::Connection& connection, const store::Entry& folder);

// Throws Error{conflict} if so many levels do not fit below a folder of that depth.
void require_depth(const Services& services, int depth, int levels);

}  // namespace bodega::app
