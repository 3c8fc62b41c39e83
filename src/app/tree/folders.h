// Creates folders.
#pragma once

#include <string_view>

#include "app/auth/authorizer.h"
#include "app/tree/creation.h"

namespace bodega::app {

// Creates a folder in the granted folder. If the key has already created a folder, returns that folder. Throws
// Error{forbidden} if the caller is not an editor, Error{name_invalid}, NameTaken, Error{conflict} if the parent is a
// file or files.max_depth is exceeded.
store::Entry make_folder(const Services& services, const Grant& parent, std::string_view name,
                         const std::optional<CreationKey>& key = std::nullopt);

}  // namespace bodega::app
