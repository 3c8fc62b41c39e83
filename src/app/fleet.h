// This server among those that share the catalog.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "app/services.h"
#include "store/nodes.h"

namespace bodega::app {

// Longer than a few missed heartbeats: then a node is gone, whatever its row says.
inline constexpr base::Milliseconds kNodeIsGoneAfter = 60'000;
inline constexpr config::Duration kHeartbeatEvery{10'000};

// Every node that was seen lately. Requires: the caller checked that an administrator asks.
std::vector<store::Node> list_nodes(const Services& services);

// This server's row. Thread-safe.
class Presence {
public:
    // name: empty is the host's. Touches nothing yet.
    Presence(const Services& services, std::string name, std::string version);

    const store::Node& node() const noexcept { return node_; }

    // Says the new state to the fleet.
    void set_state(std::string_view state);

    // Says the state again, and removes the rows of nodes that are gone for a day.
    void beat();

    // Takes the row away; beat() writes none after that.
    void leave();

private:
    const Services& services_;
    std::mutex mutex_;  // held while the catalog is asked, so that no late heartbeat brings the row back
    store::Node node_;
    bool left_ = false;
};

}  // namespace bodega::app
