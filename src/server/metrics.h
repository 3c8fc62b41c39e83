// All metrics of a running server, for Prometheus.
#pragma once

#include "base/exposition.h"
#include "db/pool.h"
#include "edge/server.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/logs.h"
#include "web/server.h"

namespace bodega::server {

// The sources of the metrics; each must outlive the call.
struct Measured {
    const edge::Server* edge = nullptr;  // null: the configuration has no edge
    const web::Server* app = nullptr;    // null while the app starts, like `catalog`
    const db::Pool* catalog = nullptr;
    const Logs* logs = nullptr;
    const Drain* drain = nullptr;  // null if no server runs, like `fleet`
    const FleetGauges* fleet = nullptr;
};

// Thread-safe.
void write_metrics(base::Exposition& out, const Measured& measured);

}  // namespace bodega::server
