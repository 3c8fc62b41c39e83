// Reads config.toml into settings. The only includer of toml++ is its source.
#pragma once

#include <string>
#include <string_view>

#include "config/problems.h"
#include "config/setting.h"

namespace bodega::config {

// Requires: nothing of `text`; `path` is for messages alone. Throws Error{config_invalid} whose message
// begins with "path:line" for what is not TOML 1.0 and for keys that are not in the table.
Settings parse_toml(std::string_view text, const std::string& path);

// The same, where mistakes may be kept: the settings that are left without them.
Settings parse_toml(std::string_view text, const std::string& path, Problems& problems);

}  // namespace bodega::config
