// Periodically resolves the names of one upstream's servers, and checks their health.
//
// Runs in its own thread, since name resolution blocks. The thread is started only if there is something to resolve or
// check.
#pragma once

#include <memory>

#include "edge/proxy/upstream_server.h"
#include "net/resolve.h"

namespace bodega::edge {

class Prober {
public:
    // Resolves every name once before it returns; an unknown name is logged as a warning.
    Prober(std::shared_ptr<UpstreamServers> servers, net::Resolve resolve = net::resolve_name);
    ~Prober();  // calls stop()
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;

    // Stops all checks. Waits for the thread, but not for a look-up that hangs; not on a loop. Idempotent.
    void stop();

private:
    struct State;
    // Two owners: this object, and the thread, which may outlive it until its current look-up returns.
    std::shared_ptr<State> state_;
};

}  // namespace bodega::edge
