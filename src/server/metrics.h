// Everything that a running server counts, for Prometheus.
#pragma once

#include "base/exposition.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/logs.h"
#include "db/pool.h"
#include "edge/server.h"
#include "web/server.h"

namespace bodega::cli {

// Where the numbers come from; each outlives who asks.
struct Measured {
    const edge::Server* edge = nullptr;  // null: the configuration has none
    const web::Server* app = nullptr;    // as the rest: null while it starts
    const db::Pool* catalog = nullptr;
    const Logs* logs = nullptr;
    const Drain* drain = nullptr;  // as the next: null where there is no server
    const FleetGauges* fleet = nullptr;
};

// Thread-safe.
void write_metrics(base::Exposition& out, const Measured& measured);

}  // namespace bodega::cli
