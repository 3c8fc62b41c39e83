// The heartbeat's figures about this node and the fleet, kept for the metrics.
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

namespace bodega::server {

struct FleetNumbers {
    std::string state;                // as in this node's row; empty: not known yet
    std::vector<std::string> leases;  // held by this node
    store::UploadFigures uploads;     // of the fleet
    store::Jobs::Figures jobs;        // of the fleet
    std::int64_t used_bytes = -1;     // of all spaces; -1: not known yet, like the next two
    std::int64_t free_bytes = -1;     // of the shared directory's file system
    std::int64_t total_bytes = -1;
};

// Folder state in addition to app::state_name's: files can't be created or read there, whichever catalog owns it.
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
    FleetNumbers numbers_;  // protected by mutex_, like all below
    std::string_view folder_state_;
    blobs::Room::Figures room_;
};

}  // namespace bodega::server
