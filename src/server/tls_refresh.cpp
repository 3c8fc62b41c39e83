#include "server/tls_refresh.h"

#include <algorithm>
#include <vector>

namespace bodega::server {
namespace {

edge::TicketKey for_edge(const store::TicketKey& stored) {
    edge::TicketKey key;
    key.name = stored.name;
    std::copy_n(stored.secret.begin(), key.cipher.size(), key.cipher.begin());
    std::copy_n(stored.secret.begin() + key.cipher.size(), key.mac.size(), key.mac.begin());
    return key;
}

void take_ticket_keys(app::TicketKeys& keys, edge::Server& server) {
    if (!server.has_tls()) return;  // checked each time, because a reload may enable TLS
    std::vector<edge::TicketKey> taken;
    for (const store::TicketKey& key : keys.current()) taken.push_back(for_edge(key));
    server.set_ticket_keys(std::move(taken));
}

}  // namespace

// While the catalog can't be reached, the edge continues to use the previous ticket keys.
TlsRefresh::TlsRefresh(const app::Services& services, edge::Server& server)
    : keys_(services, services.config.edge.tls.ticket_rotation),
      certificates_("tls", services.config.edge.tls.certificates_check,
                    [&server] { server.reload_changed_certificates(); }),
      tickets_("tickets", app::TicketKeys::kAskEvery, [this, &server] { take_ticket_keys(keys_, server); }) {}

}  // namespace bodega::server
