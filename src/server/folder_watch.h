// Watches the shared folder for a running server: whose it is, whether it can be used, and how much room it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/fleet_gauges.h"
#include "server/reserve_file.h"
#include "server/backend.h"

namespace bodega::cli {

// Of one thread, but for the two looks, which may be of two.
class FolderWatch {
public:
    // Both outlive it.
    FolderWatch(Storehouse& house, FleetGauges& gauges);

    // Whose it is, and whether files can be made and read there. While something is wrong, this node is not ready and
    // changes nothing there. Throws what the catalog's failures are; then all stays as it was.
    void look();

    // How much room there is, for uploads and for the catalog. Fast on a local disk.
    void look_at_room();

    // At a clean stop: a copy of the catalog that was made before is behind from here on.
    void leave();

private:
    struct Finding {
        std::string_view state;          // a label of the metric
        std::optional<std::string> why;  // for whoever asks, without a path
        std::string details;             // for the log
    };
    Finding find();
    std::vector<base::Ulid> newest() const;

    Storehouse& house_;
    FleetGauges& gauges_;
    ReserveFile reserve_file_;
    bool is_bound_ = false;  // the generation was replaced since the start
    bool was_short_ = false;
};

}  // namespace bodega::cli
