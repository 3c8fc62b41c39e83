// What a running server does beside answering: it beats for the fleet, does what operators ask of it through the
// catalog, sweeps when it is its turn, and works on jobs.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "app/fleet/nodes.h"
#include "app/services.h"
#include "app/gc/garbage_collector.h"
#include "base/ulid.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/folder_watch.h"
#include "server/heap_trim.h"
#include "server/instance_metadata.h"
#include "server/load_history.h"
#include "server/periodic.h"
#include "server/signals.h"
#include "server/status.h"
#include "server/backend.h"

namespace bodega::cli {

// From construction on. The destructor ends the threads and says to the fleet that this node is gone.
class Housekeeping {
public:
    // All outlive it.
    struct Around {
        const Status& status;
        Drain& drain;
        Signals& signals;
        FleetGauges& gauges;
        Storehouse& house;
    };

    Housekeeping(const app::Services& services, const Around& around, std::string address);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

    const std::string& node_name() const noexcept { return name_; }

    // Another process has this node's callers from now on: says "draining" to the fleet, while /readyz stays.
    void hand_over() noexcept { handed_over_ = true; }

private:
    void look();
    void follow(app::Ask ask);
    std::string drain_text();
    std::string_view standing() const;
    void beat(std::string_view standing);
    LoadNow load_now(bool shared_answers);
    void look_at_notices();
    void sweep();
    void work_on_jobs();

    const app::Services& services_;
    const Around around_;
    const base::Ulid id_ = base::Ulid::make();
    const std::string name_, address_;
    std::atomic<bool> handed_over_ = false;
    app::Nodes nodes_;
    FolderWatch folder_watch_;
    app::Sweeper sweeper_;
    std::optional<base::Steady::time_point> swept_at_;  // of the sweeper's thread: the last whole pass
    // The heartbeat's thread's own.
    app::Ask asked_ = app::Ask::nothing;
    std::string_view told_;              // the standing of the last beat
    std::atomic<bool> resting_ = false;  // the sweeper and the jobs; read by their threads
    std::atomic<bool> ends_ = false;     // the destructor runs
    std::uint64_t beats_ = 0;
    HeapTrim heap_;
    std::optional<base::Steady::time_point> beaten_at_;
    LoadHistory history_{std::chrono::milliseconds(app::Nodes::kBeatEvery).count()};
    FleetNumbers numbers_;
    std::optional<InstanceMetadata> metadata_;  // none: this machine has no such service
    std::optional<Periodic> notices_;
    std::optional<Periodic> heartbeat_;
    std::optional<Periodic> sweeping_;
    std::optional<Periodic> recalls_;
    base::Steady::time_point forget_jobs_at_;  // of the jobs' thread
    std::optional<Periodic> jobs_;
    std::optional<Periodic> folder_;
    std::optional<Periodic> room_;
};

}  // namespace bodega::cli
