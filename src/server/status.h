// The admin listener's data: metrics of the running parts, and whether this node is ready.
#pragma once

#include <optional>

#include "base/exposition.h"
#include "base/shared_mutex.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/metrics.h"

namespace bodega::server {

// Thread-safe. Has the metrics of the edge and the logs from the start, and those of the app while the app is
// registered.
class Status {
public:
    // The arguments must outlive the Status; `edge` may be null.
    Status(const edge::Server* edge, const Logs& logs, const Drain& drain, const FleetGauges& fleet)
        : measured_{.edge = edge, .logs = &logs, .drain = &drain, .fleet = &fleet} {}

    // The app is registered while this object exists.
    class AppRegistration {
    public:
        AppRegistration(Status& status, const web::Server& app, const db::Pool& catalog);
        ~AppRegistration();
        AppRegistration(const AppRegistration&) = delete;
        AppRegistration& operator=(const AppRegistration&) = delete;

    private:
        Status& status_;
    };

    void write_metrics(base::Exposition& out) const;
    bool is_running() const;  // true if the app is registered
    bool is_ready() const;    // the same answer as the app's /readyz; may wait for the shared folder

    // The current load.
    struct Work {
        std::optional<edge::Traffic> traffic;  // nullopt: the configuration has no edge
        std::uint64_t connections = 0;
        std::uint64_t working = 0;
        std::uint64_t uploads = 0;
    };
    Work work() const;

private:
    mutable base::SharedMutex mutex_;
    Measured measured_ GUARDED_BY(mutex_);
};

}  // namespace bodega::server
