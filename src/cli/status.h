// What the admin listener tells: metrics of what runs by now, and whether this node is ready.
#pragma once

#include <shared_mutex>

#include "base/exposition.h"
#include "cli/metrics.h"

namespace bodega::cli {

// Thread-safe. Knows the edge and the logs from the start, the app while it is shown.
class Status {
public:
    // Both outlive it; edge may be null.
    Status(const edge::Server* edge, const Logs& logs) : measured_{.edge = edge, .logs = &logs} {}

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
    bool is_ready() const;  // as /readyz of the app; may wait for the shared folder

private:
    mutable std::shared_mutex mutex_;
    Measured measured_;  // protected by mutex_
};

}  // namespace bodega::cli
