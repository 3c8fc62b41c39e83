// Works on the fleet's jobs. A job's state is only in the catalog between two steps, so any node can continue any job;
// the job of a lost node continues as soon as its lease has ended. Thread-safe.
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

    // Works on one job for about `limit`; harmless if another node works on it. Returns the job's state after that.
    store::Job run(const base::Ulid& id, std::chrono::milliseconds limit);

    // Gives a turn to each job that no node works on, the one that waits longest first, until no job is left, a turn
    // makes no progress, or `is_over` returns true. Returns the number of turns with progress.
    int round(const std::function<bool()>& is_over);

    // Removes a job that ended files.jobs_keep ago, a bounded number of rows per call. False: no such job is left.
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
