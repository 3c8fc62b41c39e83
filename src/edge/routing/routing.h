// The configured routes: which of them takes a request.
//
// Of those whose host and path cover the request's, the one with the most exact host wins (a name, then the longest
// wildcard, then any), and of these the longest path. What none takes is bodega's own site.
// Constant after construction, so shared by all loops; a reload makes another one and hands it to each loop, whose
// requests in flight keep theirs.
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
    std::string host;  // without its port, in small letters; of a wildcard the part from its dot on
    bool wildcard = false;
    std::string path;
    std::string rewrite;
    std::string pass_host;
    int status = 0;
    std::optional<config::Rate> rate;  // of one address
    std::uint32_t scope = 0;           // of that rate's buckets: the same for the same route after a reload
    config::RouteTarget target;
    bool buffers = true;                // requests' bodies go to an upstream when they are whole
    std::vector<std::string> upgrades;  // protocols that a client may ask the upstream for
    HeaderRules request;
    HeaderRules response;

    // The target that an upstream is asked for: the request's, with the prefix rewritten.
    std::string rewritten(std::string_view target_asked) const;
};

class Routing {
public:
    Routing() = default;
    // Requires: rows that were checked.
    explicit Routing(const std::vector<config::Route>& rows);

    bool empty() const noexcept { return rules_.empty(); }
    const std::vector<Rule>& rules() const noexcept { return rules_; }

    static constexpr int kNone = -1;
    static constexpr int kAmbiguous = -2;  // the path's readings lead to different rules

    // The index in rules(), kNone or kAmbiguous. `host`: the request's authority.
    int find(std::string_view host, const RoutePath& path) const;

private:
    int find_reading(std::string_view name, std::string_view path) const;

    std::vector<Rule> rules_;  // in the order in which they are tried
};

}  // namespace bodega::edge
