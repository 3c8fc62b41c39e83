// The configured routes: finds the one that takes a request.
//
// Among the routes whose host and path cover the request's, the most exact host wins (a name, then the longest
// wildcard, then any host), and then the longest path. A request without a route goes to bodega's own routes. Constant
// after construction, so all loops share it. A reload makes a new object and gives it to each loop; requests in flight
// keep the old one.
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

struct Rule {
    explicit Rule(const config::Route& row);

    std::string name;  // for logs and metrics: "files.example.org/old"
    std::string host;  // without its port, in lower case; for a wildcard, the part from its dot on
    bool wildcard = false;
    std::string path;
    std::string rewrite;
    std::string pass_host;
    int status = 0;
    std::optional<config::Rate> rate;  // limit for each address
    std::uint32_t scope = 0;           // identifies that rate's buckets; a route keeps it across reloads
    config::RouteTarget target;
    bool buffers = true;                // request bodies go to an upstream only when complete
    std::vector<std::string> upgrades;  // protocols that a client may switch to with the upstream
    HeaderRules request;
    HeaderRules response;

    // The target to request from an upstream: the request's, with the prefix rewritten.
    std::string rewritten(std::string_view target_asked) const;
};

class Routing {
public:
    Routing() = default;
    // Requires: checked rows.
    explicit Routing(const std::vector<config::Route>& rows);

    bool empty() const noexcept { return rules_.empty(); }
    const std::vector<Rule>& rules() const noexcept { return rules_; }

    static constexpr int kNone = -1;
    static constexpr int kAmbiguous = -2;  // the path's readings lead to different rules

    // Returns the index in rules(), kNone or kAmbiguous. `host` is the request's authority.
    int find(std::string_view host, const RoutePath& path) const;

private:
    int find_reading(std::string_view name, std::string_view path) const;

    std::vector<Rule> rules_;  // in the order in which they are tried
};

}  // namespace bodega::edge
