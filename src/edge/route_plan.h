// The configured routes and upstreams, which all loops share. A reload makes a new plan and gives it to each loop.
//
// Constant after construction, except for the state of the upstreams' servers. Lives as long as a loop or a request
// uses it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "edge/files/blob_folder.h"
#include "edge/proxy/prober.h"
#include "edge/proxy/upstream_server.h"
#include "edge/routing/configured_routes.h"

namespace bodega::edge {

struct RoutePlan {
    // Looks up the name of every server. That may take seconds, so do not call it on a loop's thread. Requires: the
    // settings were checked.
    explicit RoutePlan(const config::Edge& settings, net::Resolve resolve = net::resolve_name);

    ConfiguredRoutes routing;
    std::map<std::string, std::shared_ptr<UpstreamServers>> upstreams;
    // The key is the folder's path in the configuration.
    std::map<std::string, std::shared_ptr<const BlobFolder>> folders;
    std::vector<std::unique_ptr<Prober>> probers;
};

}  // namespace bodega::edge
