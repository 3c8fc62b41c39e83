// Compares two configurations and tells which differences a running server can apply, by the effect of each key (key.h)
// and by the keys of rows (rows.h). Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::config {

// Whether both have the same upstreams and routes: as many rows, and each key of each row equal. The place in the file
// is not compared, since it changes with every line above it.
bool same_routes(const Edge& a, const Edge& b);

struct Change {
    Config config;                              // `after`, but keys that need a restart have their value of `before`
    std::vector<std::string_view> followed;     // names of the keys and lists of rows that differ and are applied
    std::vector<std::string_view> for_restart;  // names of the keys that differ and need a restart
};
Change compare(const Config& before, const Config& after);

}  // namespace bodega::config
