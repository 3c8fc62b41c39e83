// Rules that one key alone can't tell: forms of addresses, and keys that depend on each other.
#pragma once

#include <map>
#include <string>

#include "config/config.h"

namespace bodega::config {

// Key → where it was set ("config.toml:12"); keys that have their default are not in it.
using Origins = std::map<std::string, std::string, std::less<>>;

// Throws Error{config_invalid} for the first rule that does not hold.
void check(const Config& config, const Origins& origins);

}  // namespace bodega::config
