// Writes the fleet as JSON, for the API and for `bodega nodes --json`.
#pragma once

#include <nlohmann/json.hpp>

#include "app/fleet/nodes.h"

namespace bodega::web {

nlohmann::json node_json(const store::Node& node);

// Returns {items, next_cursor, now, drains, leases, uploads, storage}.
nlohmann::json fleet_json(const app::FleetView& fleet);

}  // namespace bodega::web
