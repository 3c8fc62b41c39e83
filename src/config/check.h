// Rules that one key alone can't tell: forms of addresses, and keys that depend on each other.
#pragma once

#include "config/config.h"
#include "config/origin.h"
#include "config/problems.h"

namespace bodega::config {

// Adds a line for each rule that does not hold, which begins with where the key was set.
void check(const Config& config, const Origins& origins, Problems& problems);

}  // namespace bodega::config
