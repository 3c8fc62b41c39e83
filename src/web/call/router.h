// Finds the route of a method and a path, in a tree of segments, without regular expressions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/call/route.h"

namespace bodega::web {

// Constant after construction; thread-safe.
class Router {
public:
    using Parameters = std::vector<std::pair<std::string_view, std::string>>;

    struct Match {
        const Route* route = nullptr;  // null if no route has the path, or no route of the path has the method
        bool path_known = false;       // true if a route has the path; allow() then returns its methods
        Parameters parameters;         // the names are views into the route's pattern
    };

    // Throws Error{internal} for two routes with the same method and pattern, and for a malformed pattern.
    explicit Router(std::vector<Route> routes);

    // Finds the route of a path. If a path has no HEAD route, HEAD uses its GET route. A literal segment has precedence
    // over a parameter; if the rest of the path then has no route, the parameter is not tried. If there are routes for
    // "/x" and "/x/{id}", "/x/" counts as "/x", and not as "/x/{id}" with an empty id.
    Match match(std::string_view method, const std::vector<std::string>& segments) const;

    // Returns the methods of the routes that match these segments, such as "GET, HEAD, OPTIONS".
    std::string allow(const std::vector<std::string>& segments) const;

    const std::vector<Route>& routes() const noexcept { return routes_; }

private:
    struct Node {
        std::map<std::string, std::size_t, std::less<>> literals;
        // Index of the child in nodes_; 0 (the root): no child.
        std::size_t parameter = 0;
        std::string_view parameter_name;
        std::vector<const Route*> methods;
    };

    void add(const Route& route);
    std::size_t child(std::size_t node, std::string_view segment);
    const Node* find(const std::vector<std::string>& segments, Parameters* parameters) const;

    const std::vector<Route> routes_;
    std::vector<Node> nodes_;
};

}  // namespace bodega::web
