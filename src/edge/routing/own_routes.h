// bodega's own routes: which part of the edge answers a path.
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::edge {

enum class OwnRoute : std::uint8_t {
    app,    // forwarded to the app
    live,   // /livez, which answers as long as the loop runs
    page,   // the web app's index.html
    site,   // the operator's own files
    asset,  // an embedded file of the web app, or 404
};

// path: the request target as received, without its query.
OwnRoute own_route_of(std::string_view path) noexcept;

}  // namespace bodega::edge
