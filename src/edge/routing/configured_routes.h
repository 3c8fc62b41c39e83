// The configured routes: finds the route for a request.
//
// Several routes may match the request's host and path. The most exact host wins: first a name, then the longest
// wildcard, then any host. Among routes of equal hosts, the longest path wins. A request without a configured route
// gets one of bodega's own routes. Constant after construction, so all loops share the object. A reload makes a new
// object and gives it to each loop; requests in flight keep the old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/rate.h"
#include "config/route_parts.h"
#include "edge/routing/header_rules.h"
#include "edge/routing/route_path.h"

namespace bodega::edge {

struct ConfiguredRoute {
    explicit ConfiguredRoute(const config::Route& row);

    std::string name;  // the route's name in logs and metrics, such as "files.example.org/old"
    // The host name in lower case, without the port. For a wildcard "*.example.org", this is ".example.org".
    std::string host;
    bool wildcard = false;
    std::string path;
    std::string rewrite;
    std::string pass_host;
    int status = 0;
    std::optional<config::Rate> rate;  // rate limit for each client address; std::nullopt: no limit
    std::uint32_t scope = 0;           // identifies the route's token buckets; stays the same after a reload
    config::RouteTarget target;
    bool buffers = true;                // true: receive a request's whole body before the upstream gets the request
    std::vector<std::string> upgrades;  // protocols to which a client may switch
    HeaderRules request;
    HeaderRules response;

    // Returns the request target that the upstream gets: `target_asked` with the route's path replaced by `rewrite`.
    std::string rewritten(std::string_view target_asked) const;
};

class ConfiguredRoutes {
public:
    ConfiguredRoutes() = default;
    // Requires: the rows were checked (config/check_routes.h).
    explicit ConfiguredRoutes(const std::vector<config::Route>& rows);

    bool empty() const noexcept { return rules_.empty(); }
    const std::vector<ConfiguredRoute>& rules() const noexcept { return rules_; }

    static constexpr int kNone = -1;
    static constexpr int kAmbiguous = -2;  // the path can be read in two ways that have different routes

    // Returns the index of the request's route in rules(), or kNone, or kAmbiguous. host: the request's authority.
    int find(std::string_view host, const RoutePath& path) const;

private:
    int find_reading(std::string_view name, std::string_view path) const;

    std::vector<ConfiguredRoute> rules_;  // most exact rules first; the first match wins
};

}  // namespace bodega::edge
