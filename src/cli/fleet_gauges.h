// What the heartbeat knows of this node and of what the fleet shares, kept for the metrics.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/exposition.h"
#include "store/fleet.h"
#include "store/jobs.h"

namespace bodega::cli {

struct FleetNumbers {
    std::string state;                // as this node's row has it; empty: not known yet
    std::vector<std::string> leases;  // that this node holds
    store::UploadFigures uploads;     // of the fleet
    store::Jobs::Figures jobs;        // of the fleet
    std::int64_t used_bytes = -1;     // of all spaces; -1: not known yet, as the next two
    std::int64_t free_bytes = -1;     // of the shared directory's file system
    std::int64_t total_bytes = -1;
};

// Thread-safe.
class FleetGauges {
public:
    void set(FleetNumbers numbers);
    void write_metrics(base::Exposition& out) const;

private:
    mutable std::mutex mutex_;
    FleetNumbers numbers_;  // protected by mutex_
};

}  // namespace bodega::cli
