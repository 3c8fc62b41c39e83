// Runs a node from start to stop; composes the edge, the catalog, the app and the housekeeping.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/read.h"

namespace bodega::server {

// Facts about a node that has started to serve.
struct NodeReady {
    std::vector<std::string> edge_urls;    // the edge's listeners; empty without an edge
    std::string app_address;               // the app's own listening address; empty with an edge
    std::string metrics_url;               // empty: no admin listener
    std::optional<std::string> setup_url;  // URL for creating the first administrator; works once
    config::Duration setup_lifetime{};     // lifetime of setup_url
};

struct NodeOptions {
    std::function<config::Reading()> read_config;  // called at start and for each reload; throws Error{config_invalid}
    std::function<void(const NodeReady&)> on_ready;  // called once; must not throw
};

// Returns when the node was asked to stop and has drained, or when its successor has taken over. Throws base::Error if
// it can't start. Call it on the main thread, before any other thread runs.
void run_node(const NodeOptions& options);

}  // namespace bodega::server
