// Checks the rules that the table of keys (key.h) can't express: forms of addresses, and keys that depend on each
// other.
#pragma once

#include "config/config.h"
#include "config/origin.h"
#include "config/problems.h"

namespace bodega::config {

// Adds one line for each broken rule. The line begins with the place where the key was set.
void check(const Config& config, const Origins& origins, Problems& problems);

}  // namespace bodega::config
