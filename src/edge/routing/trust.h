// Decides which peers are trusted proxies, and finds the client behind a trusted proxy (http/forwarded_client.h).
#pragma once

#include "base/network.h"
#include "config/config.h"
#include "edge/exchange/peer.h"
#include "http/forwarded_client.h"

namespace bodega::edge {

// Constant after construction. All loops use it.
class Trust {
public:
    // Throws base::Error{config_invalid} for an invalid network.
    explicit Trust(const config::Edge& settings);

    bool trusts(const Peer& peer) const { return networks_.contain(peer.address); }

    // Returns the client that the trusted proxy reports. Requires: trusts(peer).
    http::ForwardedClient client_behind(const Peer& peer, const http::Fields& fields) const;

private:
    const base::Networks networks_;
    const bool forwarded_;  // true to read Forwarded (RFC 7239), false to read X-Forwarded-*
};

}  // namespace bodega::edge
