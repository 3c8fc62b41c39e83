// Finds the space that a person named with --space.
#pragma once

#include <optional>
#include <string>

#include "app/services.h"
#include "store/tree/entry.h"
#include "store/tree/space.h"

namespace bodega::cli {

// Finds a space by id or by its complete name. Throws Error{config_invalid} if `wanted` is empty and Error{not_found}
// if no space matches, both with the existing names. Throws Error{conflict} with the ids if several spaces have the
// name.
store::Space choose_space(const app::Services& services, const std::optional<std::string>& wanted);

// Finds the space's root folder, or the folder at a path below it ("Reports/2026"). Throws Error{not_found} with the
// first name in the path that is not a folder.
store::Entry choose_folder(const app::Services& services, const store::Space& space, const std::string& path);

// Splits a path at '/'; empty names are skipped.
std::vector<std::string> path_names(const std::string& path);

}  // namespace bodega::cli
