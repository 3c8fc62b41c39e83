// Who is at the other end of a call, as the connection and a trusted proxy tell it.
#pragma once

#include <string>
#include <string_view>

#include "app/auth/authorizer.h"
#include "http/message.h"
#include "web/call/proxies.h"

namespace bodega::web {

struct Peer {
    app::Origin origin;         // the client's address, its agent, the request's id
    bool https = false;         // at the client's end
    bool serves_blobs = false;  // a trusted edge that said X-Accel-Capable
    bool cross_origin = false;  // a page of an origin that app.allowed_origins names (cross_origin.h)
    bool is_own_edge = false;   // of this process
    std::string host;           // as the client asked for it, with its port

    // connection_address: of the other end of the socket; empty for a unix socket's, which is trusted.
    static Peer of(const http::RequestHead& request, const std::string& connection_address, const Proxies& proxies);

    // The request's host is this site's, so a write that a browser sent from its own page: scheme aside,
    // since what ends TLS before us may not say so.
    bool is_own_origin(std::string_view origin, std::string_view public_url) const;
};

// The value of the first field of that name; empty if it is absent.
std::string_view field(const http::RequestHead& request, std::string_view name);

}  // namespace bodega::web
