// A bounded piece of a job's work in one transaction: other writers wait no longer than for that.
#pragma once

#include <cstdint>
#include <set>

#include "app/services.h"
#include "base/ulid.h"
#include "store/jobs/job.h"

namespace bodega::app {

struct JobStep {
    enum class Result : std::uint8_t {
        worked,  // and there may be more
        waits,   // for the job that it takes back
        ended,
        lost,  // another node has the job
    };
    Result result = Result::lost;
    std::int64_t done = 0, failed = 0;  // items of this step
    std::set<base::Ulid> doomed;        // spaces in which it doomed entries: see end_doomed()
};

// How long a node has a job after each step; a node that is lost keeps the others from it for so long.
inline constexpr base::Milliseconds kJobLease = 5'000;

// Runs the next step of a job for its owner (store::Jobs::take). Throws db::Failure; then nothing of it was done, or
// all of it was.
JobStep run_job_step(const Services& services, const base::Ulid& id, const base::Ulid& owner);

}  // namespace bodega::app
