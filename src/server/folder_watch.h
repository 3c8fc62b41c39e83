// Watches the shared folder for a running server: which catalog owns it, whether it is usable, and how much room it
// has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/backend.h"
#include "server/fleet_gauges.h"
#include "server/reserve_file.h"

namespace bodega::server {

// Single-threaded, except that check() and check_room() may run on two threads.
class FolderWatch {
public:
    // Both outlive it.
    FolderWatch(Backend& backend, FleetGauges& gauges);

    // Checks which catalog owns the folder, and whether files can be created and read there. While something is wrong,
    // this node is not ready and changes nothing there. Throws the catalog's errors and then changes no state.
    void check();

    // Checks how much room there is, for uploads and for the catalog. Fast on a local disk.
    void check_room();

    // For a clean stop: marks the folder, so that a copy of the catalog that was made before is known to be out of
    // date.
    void mark_stopped();

private:
    struct Finding {
        std::string_view state;          // the metric's label
        std::optional<std::string> why;  // for clients, without a path
        std::string details;             // for the log
    };
    Finding find();
    std::vector<base::Ulid> newest() const;

    Backend& backend_;
    FleetGauges& gauges_;
    ReserveFile reserve_file_;
    bool is_bound_ = false;  // whether the generation was replaced since the start
    bool was_short_ = false;
};

}  // namespace bodega::server
