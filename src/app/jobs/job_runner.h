// Works on the fleet's jobs. Between two steps a job's state is only in the catalog, so any node can continue any job.
// If a node is lost, another node continues its job when the lease has ended. Thread-safe.
#pragma once

#include <chrono>
#include <functional>

#include "app/jobs/job_step.h"
#include "app/services.h"
#include "store/jobs/job.h"

namespace bodega::app {

class JobRunner {
public:
    explicit JobRunner(const Services& services) : services_(services) {}

    // Works on one job for about `limit`, then returns the job's state. May be called while another node is working on
    // the job.
    store::Job run(const base::Ulid& id, std::chrono::milliseconds limit);

    // Gives a turn to each job on which no node is working; the job that has waited longest is first. Stops when no job
    // is left, a turn makes no progress, or `is_over` returns true. Returns the number of turns that made progress.
    int round(const std::function<bool()>& is_over);

    // Removes one job that ended more than files.jobs_keep ago, a limited number of rows in each call. Returns false if
    // no such job is left.
    bool forget();

private:
    bool turn(const base::Ulid& id, std::chrono::milliseconds limit);
    bool try_turn(const base::Ulid& id, std::chrono::milliseconds limit);
    bool take(const base::Ulid& id, const base::Ulid& owner);
    void release(const base::Ulid& id, const base::Ulid& owner);
    void give_up(const base::Ulid& id, const base::Ulid& owner);
    JobStep step(const base::Ulid& id, const base::Ulid& owner);

    const Services& services_;
};

}  // namespace bodega::app
