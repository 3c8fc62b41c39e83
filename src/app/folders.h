// New folders.
#pragma once

#include <string_view>

#include "app/access.h"

namespace bodega::app {

// Makes a folder in the granted one. Throws Error{forbidden} below editor, Error{name_invalid}, NameTaken,
// Error{conflict} in a file, and deeper than files.max_depth.
store::Entry make_folder(const Services& services, const Grant& parent, std::string_view name);

}  // namespace bodega::app
