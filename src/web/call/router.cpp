#include "web/call/router.h"

#include <algorithm>

#include "base/error.h"

namespace bodega::web {
namespace {

const Route* find_method(const std::vector<const Route*>& methods, std::string_view method) {
    for (const Route* route : methods)
        if (route->method == method) return route;
    return nullptr;
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)), nodes_(1) {
    for (const Route& route : routes_) add(route);
}

void Router::add(const Route& route) {
    std::string_view rest = route.pattern;
    std::size_t node = 0;
    if (rest.empty() || rest.front() != '/') throw base::Error(base::Code::internal, "a route's pattern has no slash");
    while (!rest.empty()) {
        rest.remove_prefix(1);
        std::size_t slash = std::min(rest.find('/'), rest.size());
        node = child(node, rest.substr(0, slash));
        rest.remove_prefix(slash);
    }
    if (find_method(nodes_[node].methods, route.method))
        throw base::Error(base::Code::internal, "two routes for " + std::string(route.pattern));
    nodes_[node].methods.push_back(&route);
}

std::size_t Router::child(std::size_t node, std::string_view segment) {
    std::size_t next = nodes_.size();
    if (is_parameter(segment)) {
        std::string_view name = segment.substr(1, segment.size() - 2);
        Node& at = nodes_[node];
        if (at.parameter != 0 && at.parameter_name != name)
            throw base::Error(base::Code::internal, "two names for one segment: " + std::string(name));
        if (at.parameter != 0) return at.parameter;
        at.parameter = next;
        at.parameter_name = name;
    } else {
        auto [found, is_new] = nodes_[node].literals.emplace(segment, next);
        if (!is_new) return found->second;
    }
    nodes_.emplace_back();
    return next;
}

const Router::Node* Router::find(const std::vector<std::string>& segments, Parameters* parameters) const {
    std::size_t node = 0;
    for (const std::string& segment : segments) {
        const Node& at = nodes_[node];
        const bool is_slash = segment.empty() && &segment == &segments.back();
        if (is_slash && at.parameter != 0 && !at.methods.empty()) return &at;
        if (auto literal = at.literals.find(segment); literal != at.literals.end()) {
            node = literal->second;
        } else if (at.parameter != 0) {
            if (parameters) parameters->emplace_back(at.parameter_name, segment);
            node = at.parameter;
        } else {
            return nullptr;
        }
    }
    return nodes_[node].methods.empty() ? nullptr : &nodes_[node];
}

Router::Match Router::match(std::string_view method, const std::vector<std::string>& segments) const {
    Match result;
    const Node* node = find(segments, &result.parameters);
    if (!node) return result;
    result.path_known = true;
    result.route = find_method(node->methods, method);
    if (!result.route && method == "HEAD") result.route = find_method(node->methods, "GET");
    return result;
}

std::string Router::allow(const std::vector<std::string>& segments) const {
    std::string list;
    const Node* node = find(segments, nullptr);
    for (const Route* route : node ? node->methods : std::vector<const Route*>()) {
        if (route->method == "OPTIONS") continue;  // OPTIONS is added to every list below
        list.append(route->method).append(", ");
        if (route->method == "GET" && !find_method(node->methods, "HEAD")) list += "HEAD, ";
    }
    return list += "OPTIONS";
}

}  // namespace bodega::web
