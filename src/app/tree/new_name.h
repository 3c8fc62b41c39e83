// What follows from an entry's name: its key, and a file's media type, at every act that names it.
#pragma once

#include <string>

#include "store/tree/entries.h"

namespace bodega::app {

// Requires: `name` is as clean_name made it.
store::NewName new_name(const store::Entry& entry, const std::string& name);

}  // namespace bodega::app
