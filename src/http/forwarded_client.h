// The client behind trusted proxies, by what they wrote into Forwarded (RFC 7239) or X-Forwarded-*. Pure functions.
//
// A proxy appends what it saw: the list, all lines of it together, is read from its right end for as long as each
// address is itself a trusted proxy's, so nothing that a client wrote is ever believed. A malformed element ends the
// walk.
#pragma once

#include <string>
#include <string_view>

#include "base/network.h"
#include "http/fields.h"

namespace bodega::http {

struct ForwardedClient {
    std::string address;      // in its one spelling, without a port
    std::string_view scheme;  // "http" or "https": of the client's own connection
    std::string host = {};    // the authority it asked for; empty: the request's own
};

// Requires: the connection is a trusted proxy's. `client` has the connection's own address and scheme, which stay
// where the fields say nothing.
void walk_x_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client);
void walk_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client);

}  // namespace bodega::http
