// The fleet in the catalog: this node's heartbeat, and the list of all. Thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/services.h"
#include "store/nodes.h"

namespace bodega::app {

class Nodes {
public:
    // How often a running node beats, after how long without it counts as lost, and when its row goes.
    static constexpr std::chrono::seconds kBeatEvery{5};
    static constexpr std::chrono::seconds kLostAfter{20};
    static constexpr std::chrono::hours kForgetAfter{24};

    explicit Nodes(const Services& services) : services_(services) {}

    // id: of this run of the process, made at its start; state: "starting", "ready" or "draining".
    void beat(const base::Ulid& id, std::string_view name, std::string_view version, std::string_view state);
    void leave(const base::Ulid& id);

    // Requires: the caller checked that an administrator asks.
    std::vector<store::Node> list();

private:
    const Services& services_;
};

}  // namespace bodega::app
