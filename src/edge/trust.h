// Who asks, where trusted proxies stand between the client and the edge.
//
// A proxy appends what it saw: the list is read from its right end as long as each address is itself a trusted
// proxy's, so nothing that a client wrote is ever believed. What is malformed ends the walk.
#pragma once

#include <string>
#include <string_view>

#include "base/network.h"
#include "config/config.h"
#include "edge/peer.h"
#include "http/fields.h"

namespace bodega::edge {

// What the trusted proxies say.
struct Client {
    std::string address;      // in its one spelling, without a port
    std::string_view scheme;  // "http" or "https": of the client's own connection
    std::string host;         // the authority it asked for; empty: the request's own
};

// Constant after construction; used by all loops.
class Trust {
public:
    // Throws base::Error{config_invalid} for a network that is none.
    explicit Trust(const config::Edge& settings);

    bool holds(const Peer& peer) const { return networks_.contain(peer.address); }

    // Requires: holds(peer).
    Client client_behind(const Peer& peer, const http::Fields& fields) const;

private:
    const base::Networks networks_;
    const bool forwarded_;  // by RFC 7239; else X-Forwarded-*
};

}  // namespace bodega::edge
