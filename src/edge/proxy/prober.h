// Periodically resolves the names of one upstream's servers and checks the servers' health.
//
// Has its own thread, since name resolution blocks. The thread is started only if there is a name to resolve or a
// server to check.
#pragma once

#include <memory>

#include "edge/proxy/upstream_server.h"
#include "net/resolve.h"

namespace bodega::edge {

class Prober {
public:
    // Resolves every name once before it returns. Logs a warning for an unknown name.
    Prober(std::shared_ptr<UpstreamServers> servers, net::Resolve resolve = net::resolve_name);
    ~Prober();  // calls stop()
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;

    // Stops all checks. Waits for the thread, but not for a look-up that hangs. Do not call it on a loop's thread.
    // Idempotent.
    void stop();

private:
    struct State;
    // Owned by the Prober and by its thread. The thread may outlive the Prober until its current look-up returns.
    std::shared_ptr<State> state_;
};

}  // namespace bodega::edge
