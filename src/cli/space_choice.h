// The space that a person means by --space.
#pragma once

#include <optional>
#include <string>

#include "app/services.h"
#include "store/tree/entry.h"
#include "store/tree/space.h"

namespace bodega::cli {

// By id, or by its whole name. Throws Error{config_invalid} without one and Error{not_found}, both with the names that
// there are, or Error{conflict} with the ids if several have the name.
store::Space choose_space(const app::Services& services, const std::optional<std::string>& wanted);

// The space's root folder, or one below it by its path ("Reports/2026").
// Throws Error{not_found} with the first name of the path that is no folder there.
store::Entry choose_folder(const app::Services& services, const store::Space& space, const std::string& path);

// The names of a path with '/' between them; empty ones don't count.
std::vector<std::string> path_names(const std::string& path);

}  // namespace bodega::cli
