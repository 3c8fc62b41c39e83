// What differs between two configurations, and which of it a running server can follow. Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/key.h"

namespace bodega::config {

// Whether a running server follows a change of this key: the edge's but for its threads and the admin's listener, the
// log's level and form, and how long a stop waits.
bool is_reloadable(const Key& key) noexcept;

// Whether both have the same upstreams and routes.
bool same_routes(const Edge& a, const Edge& b) noexcept;

struct Change {
    Config config;                              // `after`, with `before`'s values of what can't be followed
    std::vector<std::string_view> followed;     // names of keys that differ
    std::vector<std::string_view> for_restart;  // and of those that stay as they were until then
};
Change compare(const Config& before, const Config& after);

}  // namespace bodega::config
