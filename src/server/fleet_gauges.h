// Figures about this node and the fleet, for the metrics. The heartbeat updates them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/exposition.h"
#include "base/mutex.h"
#include "blobs/free_space.h"
#include "store/fleet/fleet.h"
#include "store/jobs/jobs.h"

namespace bodega::server {

struct FleetNumbers {
    std::string state;                // state of this node, as in its row in the catalog; empty: not known yet
    std::vector<std::string> leases;  // names of the leases that this node holds
    store::UploadFigures uploads;     // uploads of the whole fleet
    store::Jobs::Figures jobs;        // jobs of the whole fleet
    std::int64_t used_bytes = -1;     // bytes of all spaces; here and in the next two fields, -1 means unknown
    std::int64_t free_bytes = -1;     // free bytes of the shared directory's file system
    std::int64_t total_bytes = -1;
};

// The state of a shared folder in which files can't be created or read. All other states are those of app::state_name.
inline constexpr std::string_view kUnusable = "unusable";

// Thread-safe.
class FleetGauges {
public:
    void set(FleetNumbers numbers);
    void set_folder_state(std::string_view state);  // `state` has static storage
    void set_free_space(const blobs::FreeSpace::Figures& free_space);
    void write_metrics(base::Exposition& out) const;

private:
    void write_folder(base::Exposition& out) const REQUIRES(mutex_);

    mutable base::Mutex mutex_;
    FleetNumbers numbers_ GUARDED_BY(mutex_);
    std::string_view folder_state_ GUARDED_BY(mutex_);
    blobs::FreeSpace::Figures free_space_ GUARDED_BY(mutex_);
};

}  // namespace bodega::server
