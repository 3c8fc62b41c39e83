// Finds the client behind trusted proxies, from the Forwarded (RFC 7239) or X-Forwarded-* fields. Pure functions.
//
// Each proxy appends the address that it saw. All lines of the field form one list, which is read from its right end.
// Reading continues only while each address is that of a trusted proxy, so nothing that the client wrote is believed.
// Reading stops at a malformed element.
#pragma once

#include <string>
#include <string_view>

#include "base/network.h"
#include "http/fields.h"

namespace bodega::http {

struct ForwardedClient {
    std::string address;      // in canonical form, without a port
    std::string_view scheme;  // "http" or "https": scheme of the client's own connection
    std::string host = {};    // the authority that the client asked for; empty if no proxy reported it
};

// Requires: the connection comes from a trusted proxy. On entry `client` holds the connection's own address and scheme.
// A member that the fields do not give stays unchanged.
void walk_x_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client);
void walk_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client);

}  // namespace bodega::http
