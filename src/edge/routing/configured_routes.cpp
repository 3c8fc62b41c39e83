#include "edge/routing/configured_routes.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "edge/routing/route_path.h"
#include "http/syntax.h"
#include "http/target.h"

namespace bodega::edge {
namespace {

// Returns "files.example.org" for "Files.Example.org.:8080".
std::string host_name(std::string_view authority) {
    std::string name(http::split_authority(authority).host);
    std::transform(name.begin(), name.end(), name.begin(), http::lower);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

bool takes_host(const ConfiguredRoute& rule, std::string_view name) noexcept {
    if (rule.host.empty()) return true;
    if (!rule.wildcard) return name == rule.host;
    // The "*" of a route's host stands for one or more labels. In certificates it stands for exactly one.
    return name.size() > rule.host.size() && name.ends_with(rule.host);
}

// The sort key of a rule: more exact rules come first.
auto rank(const ConfiguredRoute& rule) {
    int exactness = rule.host.empty() ? 2 : rule.wildcard ? 1 : 0;
    return std::tuple(exactness, -static_cast<std::ptrdiff_t>(rule.host.size()),
                      -static_cast<std::ptrdiff_t>(rule.path.size()));
}

}  // namespace

ConfiguredRoute::ConfiguredRoute(const config::Route& row)
    : name(row.host + row.path),
      host(host_name(row.host.starts_with("*.") ? row.host.substr(1) : row.host)),
      wildcard(row.host.starts_with("*.")),
      path(row.path),
      rewrite(row.rewrite),
      pass_host(row.pass_host),
      status(row.status),
      rate(config::parse_rate(row.rate_limit)),
      scope(static_cast<std::uint32_t>(std::hash<std::string>{}(name)) | 1),
      target(config::parse_route_target(row.to).value_or(config::RouteTarget{})),
      buffers(row.request_body == "buffer"),
      upgrades(row.upgrades),
      request(row.set_request, row.remove_request),
      response(row.set_response, row.remove_response) {}

std::string ConfiguredRoute::rewritten(std::string_view target_asked) const {
    if (rewrite.empty()) return std::string(target_asked);
    std::string_view rest = behind_segments(target_asked, count_segments(path));
    const bool has_rest = !rest.empty() && rest.front() != '?';  // also true if only a slash follows the route's path
    while (rest.starts_with('/')) rest.remove_prefix(1);
    std::string out = rewrite;
    if (has_rest && !out.ends_with('/')) out += '/';
    return out.append(rest);
}

ConfiguredRoutes::ConfiguredRoutes(const std::vector<config::Route>& rows) {
    for (const config::Route& row : rows) rules_.emplace_back(row);
    std::stable_sort(rules_.begin(), rules_.end(),
                     [](const ConfiguredRoute& a, const ConfiguredRoute& b) { return rank(a) < rank(b); });
}

int ConfiguredRoutes::find_reading(std::string_view name, std::string_view path) const {
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (takes_host(rules_[i], name) && covers(rules_[i].path, path)) return static_cast<int>(i);
    return kNone;
}

int ConfiguredRoutes::find(std::string_view host, const RoutePath& path) const {
    const std::string name = host_name(host);
    const int found = find_reading(name, path.plain);
    for (const std::string& reading : path.others)
        if (find_reading(name, reading) != found) return kAmbiguous;
    return found;
}

}  // namespace bodega::edge
