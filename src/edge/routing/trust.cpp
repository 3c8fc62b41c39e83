#include "edge/routing/trust.h"

namespace bodega::edge {

Trust::Trust(const config::Edge& settings)
    : networks_("edge.trusted_proxies", settings.trusted_proxies), forwarded_(settings.trusted_fields == "forwarded") {}

http::ForwardedClient Trust::client_behind(const Peer& peer, const http::Fields& fields) const {
    http::ForwardedClient client{peer.address, peer.secure ? "https" : "http"};
    if (forwarded_) http::walk_forwarded(fields, networks_, client);
    else http::walk_x_forwarded(fields, networks_, client);
    return client;
}

}  // namespace bodega::edge
