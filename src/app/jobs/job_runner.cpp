#include "app/jobs/job_runner.h"

#include <thread>

#include "app/jobs/job_counts.h"
#include "app/jobs/jobs.h"
#include "app/tree/trash.h"
#include "base/error.h"
#include "base/log.h"
#include "store/jobs/job_items.h"
#include "store/jobs/jobs.h"

namespace bodega::app {
namespace {

using Result = JobStep::Result;

constexpr std::chrono::milliseconds kTurn{500};  // the length of a turn, after which another job gets a turn
constexpr std::chrono::milliseconds kPause{20};  // the interval between two reads of a job by run()
constexpr int kForgotten = 500;                  // the most rows that one call of forget() removes

}  // namespace

store::Job JobRunner::run(const base::Ulid& id, std::chrono::milliseconds limit) {
    const auto until = base::Steady::now() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - base::Steady::now());
        const bool worked = try_turn(id, left);
        store::Job job = services_.catalog.read(
            [&](db::Connection& connection) { return store::Jobs(connection).find(id).value(); });
        if (!job.is_open() || base::Steady::now() >= until) return job;
        // No progress: another node is working on the job, or the job waits for the job that it undoes. The undone job
        // may itself wait for a turn, so it gets one here.
        if (!worked && !(job.source.job_id && try_turn(*job.source.job_id, left))) std::this_thread::sleep_for(kPause);
    }
}

// Runs a turn and logs its errors. A later turn continues the job, since the job's state is in the catalog.
bool JobRunner::try_turn(const base::Ulid& id, std::chrono::milliseconds limit) {
    try {
        return turn(id, limit);
    } catch (const base::Error& error) {
        base::log::info("jobs", "a job's turn broke off", {{"job", id.text()}, {"reason", error.what()}});
        return false;
    }
}

int JobRunner::round(const std::function<bool()>& is_over) {
    const auto next = [this] {
        return services_.catalog.read([](db::Connection& connection) { return store::Jobs(connection).next(); });
    };
    int turns = 0;
    for (auto id = next(); id && !is_over() && turn(*id, kTurn); id = next()) ++turns;
    return turns;
}

bool JobRunner::take(const base::Ulid& id, const base::Ulid& owner) {
    return services_.catalog.transact([&](db::Connection& connection) {
        store::Jobs jobs(connection);
        const auto job = jobs.find(id);
        if (!job || !jobs.take(id, owner, kJobLease)) return false;
        if (job->was_left) ++job_counts().taken_over;
        return true;
    });
}

void JobRunner::release(const base::Ulid& id, const base::Ulid& owner) {
    services_.catalog.transact([&](db::Connection& connection) { store::Jobs(connection).release(id, owner); });
}

// Releases the job after an error. If the release fails too, the lease ends by itself.
void JobRunner::give_up(const base::Ulid& id, const base::Ulid& owner) {
    try {
        release(id, owner);
    } catch (const base::Error& error) {
        base::log::debug("jobs", "could not release a job; its lease ends by itself",
                         {{"job", id.text()}, {"reason", error.what()}});
    }
}

// Runs one turn of a job. Returns false if there was no progress: another node is working on the job, or the job waits
// for another job.
bool JobRunner::turn(const base::Ulid& id, std::chrono::milliseconds limit) {
    const base::Ulid owner = base::Ulid::make();
    const auto until = base::Steady::now() + limit;
    if (!take(id, owner)) return false;
    bool worked = false;
    try {
        for (auto result = Result::worked; result == Result::worked && (!worked || base::Steady::now() < until);) {
            result = step(id, owner).result;
            worked |= result == Result::worked || result == Result::ended;
        }
    } catch (const base::Error&) {
        give_up(id, owner);
        throw;
    }
    release(id, owner);
    return worked;
}

JobStep JobRunner::step(const base::Ulid& id, const base::Ulid& owner) {
    JobStep step = run_job_step(services_, id, owner);
    job_counts().done += static_cast<std::uint64_t>(step.done);
    job_counts().failed += static_cast<std::uint64_t>(step.failed);
    for (const base::Ulid& space : step.marked_spaces) delete_marked(services_, space);
    return step;
}

bool JobRunner::forget() {
    const base::Milliseconds keep = services_.config.files.jobs_keep.count();
    const auto id =
        services_.catalog.read([&](db::Connection& connection) { return store::Jobs(connection).find_ended(keep); });
    if (!id) return false;
    services_.catalog.transact([&](db::Connection& connection) {
        store::Jobs jobs(connection);
        // Checks again under the lock, since a concurrent call may begin to undo the job. That call reads the job under
        // the same lock.
        if (!jobs.lock(*id) || !jobs.may_forget(*id, keep)) return;
        if (!store::JobItems(connection, *id).trim(kForgotten)) jobs.remove(*id);
    });
    return true;
}

}  // namespace bodega::app
