// Compares two configurations, and tells which differences take effect at a reload (Key::effect in key.h; all keys of
// rows.h). Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::config {

// Whether both have the same upstreams and routes: the same number of rows, and each key of each row is equal. Ignores
// Upstream::origin and Route::origin, because a line added above a row changes them.
bool same_routes(const Edge& a, const Edge& b);

struct Change {
    Config config;  // `after`, except that keys which need a restart have their value from `before`
    // Names of the keys and lists of rows that differ and take effect at a reload.
    std::vector<std::string_view> followed;
    std::vector<std::string_view> for_restart;  // names of the keys that differ and need a restart
};
Change compare(const Config& before, const Config& after);

}  // namespace bodega::config
