// A running server's background work: sends heartbeats to the fleet, follows operators' requests in the catalog,
// collects garbage while it holds the lease for that, and works on jobs.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/fleet/nodes.h"
#include "app/gc/garbage_collector.h"
#include "app/services.h"
#include "base/ulid.h"
#include "server/backend.h"
#include "server/drain.h"
#include "server/fleet_gauges.h"
#include "server/folder_watch.h"
#include "server/heap_trim.h"
#include "server/instance_metadata.h"
#include "server/load_history.h"
#include "server/periodic.h"
#include "server/signals.h"
#include "server/status.h"

namespace bodega::server {

// The constructor starts the work. The destructor ends the threads and tells the fleet that this node is gone.
class Housekeeping {
public:
    // Everything here must outlive the Housekeeping.
    struct Dependencies {
        const Status& status;
        Drain& drain;
        Signals& signals;
        FleetGauges& gauges;
        Backend& backend;
    };

    Housekeeping(const app::Services& services, const Dependencies& dependencies, std::string address);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

    const std::string& node_name() const noexcept { return name_; }

    // Call when another process serves this node's clients from now on. Reports "draining" to the fleet, while /readyz
    // stays ready.
    void transfer() noexcept { transferred_ = true; }

private:
    void run_heartbeat();
    void apply_request(app::Ask ask);
    std::string drain_text();
    std::string_view current_state() const;
    void send_heartbeat(std::string_view wanted);
    LoadNow load_now(bool shared_answers);
    void check_notices();
    void collect_garbage();
    void work_on_jobs();

    const app::Services& services_;
    const Dependencies dependencies_;
    const base::Ulid id_ = base::Ulid::make();
    const std::string name_, address_;
    std::atomic<bool> transferred_ = false;
    app::Nodes nodes_;
    FolderWatch folder_watch_;
    app::GarbageCollector collector_;
    // Time of the last complete garbage collection; used by the collector's thread.
    std::optional<base::Steady::time_point> collected_at_;
    // Used only by the heartbeat's thread:
    app::Ask asked_ = app::Ask::nothing;
    std::string_view sent_state_;         // the state in the last heartbeat
    std::atomic<bool> paused_ = false;    // true: garbage collection and jobs pause; read by their threads
    std::atomic<bool> stopping_ = false;  // true while the destructor runs
    std::uint64_t heartbeats_ = 0;
    HeapTrim heap_;
    std::optional<base::Steady::time_point> heartbeat_at_;
    LoadHistory history_{std::chrono::milliseconds(app::Nodes::kHeartbeatEvery).count()};
    FleetNumbers numbers_;
    std::optional<InstanceMetadata> metadata_;  // nullopt: this machine has no metadata service
    std::optional<Periodic> notices_;
    std::optional<Periodic> heartbeat_;
    std::optional<Periodic> collecting_;
    std::optional<Periodic> recalls_;
    base::Steady::time_point forget_jobs_at_;  // used by the jobs' thread
    std::optional<Periodic> jobs_;
    std::optional<Periodic> folder_;
    std::optional<Periodic> free_space_;
};

}  // namespace bodega::server
