// What the heartbeat knows of this node and of what the fleet shares, kept for the metrics.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/exposition.h"
#include "blobs/room.h"
#include "store/fleet/fleet.h"
#include "store/jobs/jobs.h"

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

// A folder in which files can't be made or read, whosever it is: beside app::state_name's.
inline constexpr std::string_view kUnusable = "unusable";

// Thread-safe.
class FleetGauges {
public:
    void set(FleetNumbers numbers);
    void set_folder_state(std::string_view state);  // static storage
    void set_room(const blobs::Room::Figures& room);
    void write_metrics(base::Exposition& out) const;

private:
    void write_folder(base::Exposition& out) const;  // requires mutex_

    mutable std::mutex mutex_;
    FleetNumbers numbers_;  // protected by mutex_, as what follows
    std::string_view folder_state_;
    blobs::Room::Figures room_;
};

}  // namespace bodega::cli
