// New folders.
#pragma once

#include <string_view>

#include "app/auth/authorizer.h"
#include "app/tree/creation.h"

namespace bodega::app {

// Makes a folder in the granted one; with a key that has made one, that is the answer. Throws Error{forbidden} below
// editor, Error{name_invalid}, NameTaken, Error{conflict} in a file, and deeper than files.max_depth.
store::Entry make_folder(const Services& services, const Grant& parent, std::string_view name,
                         const std::optional<CreationKey>& key = std::nullopt);

}  // namespace bodega::app
