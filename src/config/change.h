// Compares two configurations and tells which differences a running server can apply. Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/key.h"

namespace bodega::config {

// Whether a running server applies a change of this key. True for the edge's keys (except edge.acme and those of kFixed
// in change.cpp), the log's level and format, node.drain_delay, node.drain_limit and node.upgrade_limit.
bool is_reloadable(const Key& key) noexcept;

// Whether both have the same upstreams and routes.
bool same_routes(const Edge& a, const Edge& b) noexcept;

struct Change {
    Config config;                              // `after`, but keys that need a restart have their value of `before`
    std::vector<std::string_view> followed;     // names of the keys that differ and are applied
    std::vector<std::string_view> for_restart;  // names of the keys that differ and need a restart
};
Change compare(const Config& before, const Config& after);

}  // namespace bodega::config
