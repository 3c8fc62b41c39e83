// What a node that serves TLS does beside answering: it looks whether its certificates' files have changed, and takes
// the keys of session tickets that the fleet shares.
#pragma once

#include "app/services.h"
#include "app/fleet/ticket_keys.h"
#include "server/periodic.h"
#include "edge/server.h"

namespace bodega::cli {

// From construction on, on threads of its own. What it is given outlives it; the server has been started.
class TlsUpkeep {
public:
    TlsUpkeep(const app::Services& services, edge::Server& server);

private:
    app::TicketKeys keys_;
    Periodic certificates_;
    Periodic tickets_;
};

}  // namespace bodega::cli
