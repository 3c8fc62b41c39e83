// Describes the client of a call. The information comes from the connection and, if a trusted proxy sent the request,
// from that proxy.
#pragma once

#include <string>
#include <string_view>

#include "app/auth/authorizer.h"
#include "config/public_url.h"
#include "http/message.h"
#include "web/call/proxies.h"

namespace bodega::web {

struct Peer {
    app::Origin origin;         // the client's address and user agent, and the request's id
    bool https = false;         // true if the client uses https
    bool serves_blobs = false;  // true if a trusted edge sent X-Accel-Capable
    // True if a page of an origin in app.allowed_origins sent the call (cross_origin.h).
    bool cross_origin = false;
    bool is_own_edge = false;  // true if the edge of this process sent the request
    std::string host;          // the host as the client sent it, including the port

    // connection_address: the address that opened the connection. Empty for a unix socket, which is trusted.
    static Peer of(const http::RequestHead& request, const std::string& connection_address, const Proxies& proxies);

    // True if `origin` is this site's origin, so that one of this site's pages sent the request. Ignores the scheme,
    // because a proxy that terminates TLS may not report it.
    bool is_own_origin(std::string_view origin, const config::PublicUrl& site) const;
};

// Returns the value of the first field with this name; empty if absent.
std::string_view field(const http::RequestHead& request, std::string_view name);

}  // namespace bodega::web
