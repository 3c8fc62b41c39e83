// Reads config.toml into settings. Only toml_file.cpp includes toml++.
#pragma once

#include <string>
#include <string_view>

#include "config/problems.h"
#include "config/setting.h"

namespace bodega::config {

// `path` is used only in messages. Throws Error{config_invalid} for text that is not TOML 1.0 and for unknown keys; the
// message begins with "path:line".
Settings parse_toml(std::string_view text, const std::string& path);

// Like the function above, but adds mistakes to `problems` and returns the valid settings.
Settings parse_toml(std::string_view text, const std::string& path, Problems& problems);

}  // namespace bodega::config
