// Finds the route of a method and a path: a tree of segments, no regular expression.
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
        const Route* route = nullptr;  // none: nothing has this path, or not with this method
        bool path_known = false;       // something has this path: allow() names its methods
        Parameters parameters;         // names view the pattern
    };

    // Throws Error{internal} for two routes of one method and pattern, or a pattern that is none.
    explicit Router(std::vector<Route> routes);

    // HEAD finds GET's route where there is none of its own. A literal segment goes before a parameter, and
    // the path is not tried again with the parameter if its rest does not fit. A slash at the end of a path that has
    // routes, and others below by a parameter, is ignored: it is no parameter that is empty.
    Match match(std::string_view method, const std::vector<std::string>& segments) const;

    // "GET, HEAD, OPTIONS": of the paths that these segments fit.
    std::string allow(const std::vector<std::string>& segments) const;

    const std::vector<Route>& routes() const noexcept { return routes_; }

private:
    struct Node {
        std::map<std::string, std::size_t, std::less<>> literals;
        std::size_t parameter = 0;  // 0: none, the root is nobody's child
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
