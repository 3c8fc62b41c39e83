#include "server/tls_renewal.h"

#include <algorithm>
#include <vector>

namespace bodega::cli {
namespace {

edge::TicketKey for_edge(const store::TicketKey& stored) {
    edge::TicketKey key;
    key.name = stored.name;
    std::copy_n(stored.secret.begin(), key.cipher.size(), key.cipher.begin());
    std::copy_n(stored.secret.begin() + key.cipher.size(), key.mac.size(), key.mac.begin());
    return key;
}

void take_ticket_keys(app::TicketKeys& keys, edge::Server& server) {
    if (!server.has_tls()) return;  // a reload may change that
    std::vector<edge::TicketKey> taken;
    for (const store::TicketKey& key : keys.current()) taken.push_back(for_edge(key));
    server.set_ticket_keys(std::move(taken));
}

}  // namespace

// Where the catalog is away the keys from before go on.
TlsUpkeep::TlsUpkeep(const app::Services& services, edge::Server& server)
    : keys_(services, services.config.edge.tls.ticket_rotation),
      certificates_("tls", services.config.edge.tls.certificates_check, [&server] { server.look_at_certificates(); }),
      tickets_("tickets", app::TicketKeys::kAskEvery, [this, &server] { take_ticket_keys(keys_, server); }) {}

}  // namespace bodega::cli
