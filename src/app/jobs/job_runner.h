// Works on the fleet's jobs. Nothing of a job is in memory between two steps, so any node goes on with any of them: one
// of a node that is lost as soon as its lease has ended. Thread-safe.
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

    // Works on one job for about so long; harmless if another node does. Returns it as it is then.
    store::Job run(const base::Ulid& id, std::chrono::milliseconds limit);

    // Gives each job that nobody works on a turn, the one first that waits longest, until none is left, nothing comes
    // of a turn, or `is_over` says so. Returns of how many turns something came.
    int round(const std::function<bool()>& is_over);

    // Removes what ended files.jobs_keep ago, a bounded number of rows. False: nothing is left to remove.
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
