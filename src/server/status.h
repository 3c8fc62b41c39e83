// What the admin listener tells: metrics of what runs by now, and whether this node is ready.
#pragma once

#include <optional>
#include <shared_mutex>

#include "base/exposition.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/metrics.h"

namespace bodega::cli {

// Thread-safe. Knows the edge and the logs from the start, the app while it is shown.
class Status {
public:
    // All outlive it; edge may be null.
    Status(const edge::Server* edge, const Logs& logs, const Drain& drain, const FleetGauges& fleet)
        : measured_{.edge = edge, .logs = &logs, .drain = &drain, .fleet = &fleet} {}

    // Shows the app for as long as this lives.
    class Shown {
    public:
        Shown(Status& status, const web::Server& app, const db::Pool& catalog);
        ~Shown();
        Shown(const Shown&) = delete;
        Shown& operator=(const Shown&) = delete;

    private:
        Status& status_;
    };

    void write_metrics(base::Exposition& out) const;
    bool is_running() const;  // the app is shown
    bool is_ready() const;    // as /readyz of the app; may wait for the shared folder

    // What there is to do just now.
    struct Work {
        std::optional<edge::Traffic> traffic;  // none: the configuration has no edge
        std::uint64_t connections = 0;
        std::uint64_t working = 0;
        std::uint64_t uploads = 0;
    };
    Work work() const;

private:
    mutable std::shared_mutex mutex_;
    Measured measured_;  // protected by mutex_
};

}  // namespace bodega::cli
