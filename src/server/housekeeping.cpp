#include "server/housekeeping.h"

#include <sys/resource.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include "app/fleet/expiry.h"
#include "app/jobs/job_runner.h"
#include "app/uploads/writers.h"
#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "server/node_name.h"

namespace bodega::server {
namespace {

namespace log = base::log;

// Work that is expensive, or whose result changes slowly, runs once in this many heartbeats.
constexpr std::uint64_t kSlowEvery = 12;
// Time between two checks for uploads that other nodes want; such an upload is released within two seconds.
constexpr config::Duration kRecallEvery{500};

constexpr config::Duration kJobsEvery{500};          // time between two checks for jobs that no node works on
constexpr config::Duration kForgetJobsEvery{2'000};  // time between two removals of old jobs

constexpr std::chrono::seconds kFolderEvery{5};    // time between two checks of the shared folder's owner
constexpr config::Duration kFreeSpaceEvery{1000};  // time between two checks of the shared folder's free space

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double machine_load() {
    double load = 0;
    return ::getloadavg(&load, 1) == 1 ? load : 0;
}

}  // namespace

Housekeeping::Housekeeping(const app::Services& services, const Dependencies& dependencies, std::string address)
    : services_(services),
      dependencies_(dependencies),
      name_(server::node_name(services.config.node)),
      address_(std::move(address)),
      nodes_(services.catalog),
      folder_watch_(dependencies.backend, dependencies.gauges),
      collector_(services, id_, std::nullopt, &dependencies.backend.binding()) {
    // Applies an operator's request first, so that the fleet never sees a drained node as ready.
    apply_request(nodes_.asked(id_, name_));
    if (auto url = metadata_service(services.config.node)) {
        metadata_.emplace(*url);
        notices_.emplace("imds", services.config.node.imds_every, [this] { check_notices(); });
    }
    folder_.emplace("folder", kFolderEvery, [this] { folder_watch_.check(); });
    free_space_.emplace("room", kFreeSpaceEvery, [this] { folder_watch_.check_free_space(); });
    heartbeat_.emplace("node", app::Nodes::kLookEvery, [this] { run_heartbeat(); });
    collecting_.emplace("sweeper", std::min(kFreeSpaceEvery, services.config.files.sweep_every),
                        [this] { collect_garbage(); });
    jobs_.emplace("jobs", kJobsEvery, [this] { work_on_jobs(); });
    if (services.writers) recalls_.emplace("recalls", kRecallEvery, [this] { app::answer_recalls(services_); });
}

Housekeeping::~Housekeeping() {
    stopping_ = true;
    notices_.reset();
    heartbeat_.reset();
    jobs_.reset();
    try {
        collector_.rest();
        collecting_.reset();
        folder_.reset();
        free_space_.reset();
        nodes_.leave(id_);
        folder_watch_.mark_stopped();
    } catch (const base::Error& error) {
        log::info("node", "could not remove this node from the list of nodes; it will count as lost for a while",
                  {{"error", error.what()}});
    }
}

// --- the heartbeat

void Housekeeping::run_heartbeat() {
    apply_request(nodes_.asked(id_, name_));
    const std::string_view now = current_state();
    if (bool rests = now == "draining"; rests != paused_) {
        rests ? collector_.rest() : collector_.resume();
        paused_ = rests;
    }
    const bool due = !heartbeat_at_ || base::Steady::now() - *heartbeat_at_ >= app::Nodes::kHeartbeatEvery;
    if (due || now != sent_state_) send_heartbeat(now);
}

void Housekeeping::apply_request(app::Ask ask) {
    if (ask == std::exchange(asked_, ask)) return;
    if (ask == app::Ask::nothing) {
        log::info("node", "an operator ended this node's drain");
        dependencies_.drain.set(Drain::Reason::asked, false);
        return;
    }
    const std::string why = drain_text();
    if (ask == app::Ask::drain) log::warn("node", "an operator drains this node: it is not ready", {{"why", why}});
    else log::info("node", "an operator stops this node: it drains, then ends");
    dependencies_.drain.set(Drain::Reason::asked, true, why);
    if (ask == app::Ask::stop) dependencies_.signals.ask_stop();
}

std::string Housekeeping::drain_text() {
    const auto since = nodes_.drain_asked_at(name_);
    if (!since) return "an operator drains this node";
    return "an operator has drained this node since " + base::rfc3339(*since) + "; bodega drain --undo " + name_ +
           " ends that";
}

std::string_view Housekeeping::current_state() const {
    if (transferred_ || dependencies_.drain.is_on()) return "draining";
    return dependencies_.status.is_running() ? "ready" : "starting";
}

void Housekeeping::send_heartbeat(std::string_view wanted) {
    const bool shared_answers = wanted == "ready" && dependencies_.status.is_ready();
    const std::string_view state = wanted == "ready" && !shared_answers ? "unready" : wanted;
    const Status::Work work = dependencies_.status.work();
    const auto now = base::Steady::now();
    // A heartbeat that is sent early, to report a new state, adds no sample.
    if (!heartbeat_at_ || now - *heartbeat_at_ >= app::Nodes::kHeartbeatEvery)
        history_.add({now, work.traffic, cpu_seconds()});
    LoadNow load = load_now(shared_answers);
    load.connections = work.connections;
    load.working = work.working;
    load.uploads = work.uploads;
    const std::string stats = history_.json(load);
    nodes_.heartbeat({id_, name_, base::version(), address_, state, stats});
    heartbeat_at_ = now;
    sent_state_ = wanted;
    if (++heartbeats_ % (5 * kSlowEvery) == 1) nodes_.forget_old();
    app::Nodes::Figures figures = nodes_.figures(id_);
    numbers_.state = state;
    numbers_.leases = std::move(figures.leases);
    numbers_.uploads = figures.uploads;
    numbers_.jobs = figures.jobs;
    dependencies_.gauges.set(numbers_);
}

LoadNow Housekeeping::load_now(bool shared_answers) {
    LoadNow now;
    now.cores = static_cast<int>(std::thread::hardware_concurrency());
    now.load = machine_load();
    now.memory_bytes = resident_bytes();
    heap_.look(now.memory_bytes);
    if (heartbeats_ % kSlowEvery == 0) numbers_.used_bytes = nodes_.used_bytes();
    // Calls statvfs(3) only while the shared folder responds, because a dead mount would block this thread.
    struct statvfs disk {};
    if (shared_answers && ::statvfs(services_.blobs.root().c_str(), &disk) == 0) {
        numbers_.free_bytes = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
        numbers_.total_bytes = static_cast<std::int64_t>(disk.f_blocks * disk.f_frsize);
    }
    now.used_bytes = numbers_.used_bytes;
    now.free_bytes = numbers_.free_bytes;
    now.total_bytes = numbers_.total_bytes;
    return now;
}

void Housekeeping::check_notices() {
    const std::optional<std::string> why = metadata_->notice();
    if (!dependencies_.drain.set(Drain::Reason::machine_ends, why.has_value(), "EC2 announces this machine's end"))
        return;
    if (why) log::warn("node", "EC2 announces this machine's end: it is no longer ready", {{"why", *why}});
    else log::info("node", "EC2 no longer announces this machine's end");
}

// Works on jobs until no job is left. Stops early when this node drains or stops; other nodes then continue the jobs.
void Housekeeping::work_on_jobs() {
    app::JobRunner runner(services_);
    const auto is_over = [this] { return stopping_ || paused_ || dependencies_.backend.why_forbidden().has_value(); };
    // True if it is time to remove old jobs. This also interrupts the rounds of work below. While there is always some
    // open job, the rounds do not end by themselves, and old jobs would fill the catalog.
    const auto is_due = [this] { return base::Steady::now() >= forget_jobs_at_; };
    const auto pauses = [&] { return is_over() || is_due(); };
    for (;;) {
        while (!pauses() && runner.round(pauses) > 0) continue;
        if (is_over() || !is_due()) return;
        while (!is_over() && runner.forget()) continue;
        forget_jobs_at_ = base::Steady::now() + kForgetJobsEvery;
    }
}

void Housekeeping::collect_garbage() {
    if (paused_) return;
    const auto now = base::Steady::now();
    if (collected_at_ && now - *collected_at_ < services_.config.files.sweep_every) {
        if (dependencies_.backend.free_space().last().is_short) collector_.end_erased();
        return;
    }
    collected_at_ = now;
    app::remove_expired_sign_ins(services_);
    app::remove_expired_creation_keys(services_);
    collector_.pass();
}

}  // namespace bodega::server
