// Background work of a node that serves TLS: checks its certificates' files for changes, and fetches the fleet's shared
// keys for session tickets.
#pragma once

#include "app/fleet/ticket_keys.h"
#include "app/services.h"
#include "edge/server.h"
#include "server/periodic.h"

namespace bodega::server {

// The constructor starts the work, on threads of this object. `services` and `server` must outlive it. Requires:
// `server` was started.
class TlsRefresh {
public:
    TlsRefresh(const app::Services& services, edge::Server& server);

private:
    app::TicketKeys keys_;
    Periodic certificates_;
    Periodic tickets_;
};

}  // namespace bodega::server
