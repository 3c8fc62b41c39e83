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

namespace bodega::cli {
namespace {

namespace log = base::log;

// What costs more, or changes slowly: every so many beats.
constexpr std::uint64_t kSlowly = 12;
constexpr config::Duration kRecallEvery{500};  // an upload that is wanted elsewhere is released within two seconds

constexpr config::Duration kJobsEvery{500};          // between two looks for jobs that nobody works on
constexpr config::Duration kForgetJobsEvery{2'000};  // between two removals of old ones

constexpr std::chrono::seconds kFolderEvery{5};  // between two looks at whose the shared folder is
constexpr config::Duration kRoomEvery{1000};     // and how much room it has

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

Housekeeping::Housekeeping(const app::Services& services, const Around& around, std::string address)
    : services_(services),
      around_(around),
      name_(cli::node_name(services.config.node)),
      address_(std::move(address)),
      nodes_(services.catalog),
      folder_watch_(around.house, around.gauges),
      sweeper_(services, id_, std::nullopt, &around.house.binding()) {
    // Before anybody can hear that this node is ready.
    follow(nodes_.asked(id_, name_));
    if (auto url = metadata_service(services.config.node)) {
        metadata_.emplace(*url);
        notices_.emplace("imds", services.config.node.imds_every, [this] { look_at_notices(); });
    }
    folder_.emplace("folder", kFolderEvery, [this] { folder_watch_.look(); });
    room_.emplace("room", kRoomEvery, [this] { folder_watch_.look_at_room(); });
    heartbeat_.emplace("node", app::Nodes::kLookEvery, [this] { look(); });
    sweeping_.emplace("sweeper", std::min(kRoomEvery, services.config.files.sweep_every), [this] { sweep(); });
    jobs_.emplace("jobs", kJobsEvery, [this] { work_on_jobs(); });
    if (services.writers) recalls_.emplace("recalls", kRecallEvery, [this] { app::answer_recalls(services_); });
}

Housekeeping::~Housekeeping() {
    ends_ = true;
    notices_.reset();
    heartbeat_.reset();
    jobs_.reset();
    try {
        sweeper_.rest();
        sweeping_.reset();
        folder_.reset();
        room_.reset();
        nodes_.leave(id_);
        folder_watch_.leave();
    } catch (const base::Error& error) {
        log::info("node", "could not take this node off the list; it will count as lost for a while",
                  {{"error", error.what()}});
    }
}

// --- the heartbeat

void Housekeeping::look() {
    follow(nodes_.asked(id_, name_));
    const std::string_view now = standing();
    if (bool rests = now == "draining"; rests != resting_) {
        rests ? sweeper_.rest() : sweeper_.resume();
        resting_ = rests;
    }
    const bool due = !beaten_at_ || base::Steady::now() - *beaten_at_ >= app::Nodes::kBeatEvery;
    if (due || now != told_) beat(now);
}

void Housekeeping::follow(app::Ask ask) {
    if (ask == std::exchange(asked_, ask)) return;
    if (ask == app::Ask::nothing) {
        log::info("node", "an operator wants this node to get callers again");
        around_.drain.set(Drain::Reason::asked, false);
        return;
    }
    const std::string why = drain_text();
    if (ask == app::Ask::drain)
        log::warn("node", "an operator wants this node to drain: it is not ready", {{"why", why}});
    else log::info("node", "an operator wants this node to drain and to end");
    around_.drain.set(Drain::Reason::asked, true, why);
    if (ask == app::Ask::stop) around_.signals.ask_stop();
}

std::string Housekeeping::drain_text() {
    const auto since = nodes_.drain_asked_at(name_);
    if (!since) return "an operator drains this node";
    return "an operator drains this node since " + base::rfc3339(*since) + "; bodega drain --undo " + name_ +
           " ends that";
}

std::string_view Housekeeping::standing() const {
    if (handed_over_ || around_.drain.is_on()) return "draining";
    return around_.status.is_running() ? "ready" : "starting";
}

void Housekeeping::beat(std::string_view standing) {
    const bool shared_answers = standing == "ready" && around_.status.is_ready();
    const std::string_view state = standing == "ready" && !shared_answers ? "unready" : standing;
    const Status::Work work = around_.status.work();
    const auto now = base::Steady::now();
    // A beat out of turn, for a new state, makes no sample.
    if (!beaten_at_ || now - *beaten_at_ >= app::Nodes::kBeatEvery) history_.add({now, work.traffic, cpu_seconds()});
    LoadNow load = load_now(shared_answers);
    load.connections = work.connections;
    load.working = work.working;
    load.uploads = work.uploads;
    const std::string stats = history_.json(load);
    nodes_.beat({id_, name_, base::version(), address_, state, stats});
    beaten_at_ = now;
    told_ = standing;
    if (++beats_ % (5 * kSlowly) == 1) nodes_.forget_old();
    app::Nodes::Figures figures = nodes_.figures(id_);
    numbers_.state = state;
    numbers_.leases = std::move(figures.leases);
    numbers_.uploads = figures.uploads;
    numbers_.jobs = figures.jobs;
    around_.gauges.set(numbers_);
}

LoadNow Housekeeping::load_now(bool shared_answers) {
    LoadNow now;
    now.cores = static_cast<int>(std::thread::hardware_concurrency());
    now.load = machine_load();
    now.memory_bytes = resident_bytes();
    heap_.look(now.memory_bytes);
    if (beats_ % kSlowly == 0) numbers_.used_bytes = nodes_.used_bytes();
    // Only while it answers: a dead mount would hold this thread.
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

void Housekeeping::look_at_notices() {
    const std::optional<std::string> why = metadata_->notice();
    if (!around_.drain.set(Drain::Reason::machine_ends, why.has_value(), "EC2 announces this machine's end")) return;
    if (why) log::warn("node", "EC2 announces this machine's end: it is not ready any more", {{"why", *why}});
    else log::info("node", "EC2 announces this machine's end no more");
}

// Until this node rests: then its jobs are the others'.
void Housekeeping::work_on_jobs() {
    app::JobRunner runner(services_);
    const auto is_over = [this] { return ends_ || resting_ || around_.house.why_forbidden().has_value(); };
    // Between two turns, too: there may always be a job that is open, and those that ended would fill the catalog.
    const auto is_due = [this] { return base::Steady::now() >= forget_jobs_at_; };
    const auto pauses = [&] { return is_over() || is_due(); };
    for (;;) {
        while (!pauses() && runner.round(pauses) > 0) continue;
        if (is_over() || !is_due()) return;
        while (!is_over() && runner.forget()) continue;
        forget_jobs_at_ = base::Steady::now() + kForgetJobsEvery;
    }
}

void Housekeeping::sweep() {
    if (resting_) return;
    const auto now = base::Steady::now();
    if (swept_at_ && now - *swept_at_ < services_.config.files.sweep_every) {
        if (around_.house.room().last().is_short) sweeper_.end_erased();
        return;
    }
    swept_at_ = now;
    app::remove_expired_sign_ins(services_);
    app::remove_expired_creation_keys(services_);
    sweeper_.pass();
}

}  // namespace bodega::cli
