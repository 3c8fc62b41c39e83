// What a node that serves TLS does beside answering: it looks whether its certificates' files have changed.
#pragma once

#include "cli/periodic.h"
#include "config/config.h"
#include "edge/server.h"

namespace bodega::cli {

// From construction on, on a thread of its own. The server outlives it, and has been started.
class TlsUpkeep {
public:
    TlsUpkeep(const config::Tls& settings, edge::Server& server);

private:
    Periodic certificates_;
};

}  // namespace bodega::cli
