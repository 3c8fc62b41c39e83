// Looks after the servers of one upstream beside the loops: asks for their names again, and for their health.
//
// A thread of its own, since names are resolved by calls that block. It is made only where there is something to ask.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edge/proxy/upstream_server.h"

namespace bodega::edge {

// The addresses of a name, none if it has none or nobody could tell. May block for seconds. Any thread.
using Resolve = std::function<std::vector<Endpoint>(const std::string& host, std::uint16_t port)>;
std::vector<Endpoint> resolve_name(const std::string& host, std::uint16_t port);  // getaddrinfo(3)

class Prober {
public:
    // Resolves every name once before it returns; one that is not known then is a warning in the log.
    Prober(std::shared_ptr<UpstreamServers> servers, Resolve resolve = resolve_name);
    ~Prober();  // as stop()
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;

    // Asks nothing more. Waits for the thread, but not for a look-up that hangs; not on a loop. Idempotent.
    void stop();

private:
    struct State;
    // Two owners: this, and the thread, which may outlast it by the look-up that it is in.
    std::shared_ptr<State> state_;
};

}  // namespace bodega::edge
