// The configured routes and upstreams as all loops share them: what a reload makes anew and hands to each loop.
//
// Constant after construction, but for the servers' own state. Lives as long as a loop or a request uses it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "edge/files/blob_folder.h"
#include "edge/proxy/prober.h"
#include "edge/routing/routing.h"
#include "edge/proxy/upstream_server.h"

namespace bodega::edge {

struct RoutePlan {
    // Looks every server's name up, so it may take seconds: not on a loop. Requires: settings that were checked.
    explicit RoutePlan(const config::Edge& settings, Resolve resolve = resolve_name);

    Routing routing;
    std::map<std::string, std::shared_ptr<UpstreamServers>> upstreams;
    std::map<std::string, std::shared_ptr<const BlobFolder>> folders;  // by path
    std::vector<std::unique_ptr<Prober>> probers;
};

}  // namespace bodega::edge
