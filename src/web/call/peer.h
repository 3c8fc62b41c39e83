// Describes the other end of a call, from its connection and what a trusted proxy reports.
#pragma once

#include <string>
#include <string_view>

#include "app/auth/authorizer.h"
#include "http/message.h"
#include "web/call/proxies.h"

namespace bodega::web {

struct Peer {
    app::Origin origin;         // the client's address and user agent, the request's id
    bool https = false;         // the client uses https
    bool serves_blobs = false;  // a trusted edge that sent X-Accel-Capable
    bool cross_origin = false;  // a page of an origin in app.allowed_origins (cross_origin.h)
    bool is_own_edge = false;   // the edge of this process
    std::string host;           // as the client sent it, with its port

    // connection_address: the address of the socket's other end; empty for a unix socket, which is trusted.
    static Peer of(const http::RequestHead& request, const std::string& connection_address, const Proxies& proxies);

    // Whether `origin` is this site's, so that a browser's write comes from this site's own page. Ignores the scheme,
    // because a proxy that ends TLS may not report it.
    bool is_own_origin(std::string_view origin, std::string_view public_url) const;
};

// Returns the value of the first field with this name; empty if absent.
std::string_view field(const http::RequestHead& request, std::string_view name);

}  // namespace bodega::web
