// Runs a bounded part of a job in one transaction, which bounds how long other writers wait.
#pragma once

#include <cstdint>
#include <set>

#include "app/services.h"
#include "base/ulid.h"
#include "store/jobs/job.h"

namespace bodega::app {

struct JobStep {
    enum class Result : std::uint8_t {
        worked,  // progress; there may be more to do
        waits,   // waits for the job that it takes back
        ended,
        lost,  // another node has the job
    };
    Result result = Result::lost;
    std::int64_t done = 0, failed = 0;   // items of this step
    std::set<base::Ulid> marked_spaces;  // spaces in which it marked entries for deletion, see delete_marked()
};

// ms. How long a node holds a job after each step. If the node is lost, no other one continues the job for this time.
inline constexpr base::Milliseconds kJobLease = 5'000;

// Runs the next step of a job for its owner (store::Jobs::take). Throws db::Failure; then the step was done either
// completely or not at all.
JobStep run_job_step(const Services& services, const base::Ulid& id, const base::Ulid& owner);

}  // namespace bodega::app
