// What a running server does beside answering: it beats for the fleet, and sweeps when it is its turn.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/nodes.h"
#include "app/services.h"
#include "app/sweep.h"
#include "base/ulid.h"
#include "cli/periodic.h"

namespace bodega::cli {

// From construction on. The destructor ends the threads and takes this node out of the fleet's list.
class Housekeeping {
public:
    explicit Housekeeping(const app::Services& services);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

    const std::string& node_name() const noexcept { return name_; }

    // Says "draining" to the fleet from the next beat on.
    void drain() noexcept { draining_ = true; }

private:
    void beat();
    void sweep();

    const app::Services& services_;
    const base::Ulid id_ = base::Ulid::make();
    const std::string name_;
    std::atomic<bool> draining_ = false;
    app::Nodes nodes_;
    app::Sweeper sweeper_;
    std::optional<Periodic> heartbeat_;
    std::optional<Periodic> sweeping_;
};

}  // namespace bodega::cli
