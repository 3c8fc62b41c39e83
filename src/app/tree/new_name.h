// The columns that depend on an entry's name: its sort key, and a file's media type. Every operation that names an
// entry uses this function.
#pragma once

#include <string>

#include "store/tree/entries.h"

namespace bodega::app {

// Requires: `name` was returned by clean_name.
store::NewName new_name(const store::Entry& entry, const std::string& name);

}  // namespace bodega::app
