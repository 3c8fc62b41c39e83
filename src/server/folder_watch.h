// Watches the shared folder for a running server: which catalog owns it, whether it is usable, and how much free space
// it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/backend.h"
#include "server/fleet_gauges.h"
#include "server/reserve_file.h"

namespace bodega::server {

// Single-threaded, except that check() and check_free_space() may run on two threads.
class FolderWatch {
public:
    // `backend` and `gauges` must outlive this object.
    FolderWatch(Backend& backend, FleetGauges& gauges);

    // Checks which catalog owns the folder, and whether files can be created and read there. While a check fails, this
    // node is not ready and changes nothing in the folder. If the catalog fails, throws its error and changes no state.
    void check();

    // Checks the free space for uploads and for the catalog. Fast on a local disk.
    void check_free_space();

    // Call at a clean stop. Marks the folder, so that an older copy of the catalog is later recognised as out of date.
    void mark_stopped();

private:
    struct Finding {
        std::string_view state;  // for FleetGauges::set_folder_state()
        // Why this node is not ready, as a text for clients that names no path.
        std::optional<std::string> why;
        // Why this node is not ready, as a text for the log.
        std::string details;
    };
    Finding find();
    std::vector<base::Ulid> newest() const;

    Backend& backend_;
    FleetGauges& gauges_;
    ReserveFile reserve_file_;
    bool is_bound_ = false;  // true once this process has written a generation id to the folder
    bool was_short_ = false;
};

}  // namespace bodega::server
