// Runs a limited part of a job in one transaction, so that other writers wait only for a short time.
#pragma once

#include <cstdint>
#include <set>

#include "app/services.h"
#include "base/ulid.h"
#include "store/jobs/job.h"

namespace bodega::app {

struct JobStep {
    enum class Result : std::uint8_t {
        worked,  // the step made progress, and the job may need more steps
        waits,   // the job waits for the job that it undoes
        ended,
        lost,  // another node has the job now
    };
    Result result = Result::lost;
    std::int64_t done = 0, failed = 0;   // numbers of items in this step
    std::set<base::Ulid> marked_spaces;  // spaces in which the step marked entries for deletion, see delete_marked()
};

// Milliseconds. The time for which a node owns a job after each step. If the node is lost, no other node continues the
// job for this time.
inline constexpr base::Milliseconds kJobLease = 5'000;

// Runs the next step of a job for its owner (store::Jobs::take). Throws db::Failure; the step was then done either
// completely or not at all.
JobStep run_job_step(const Services& services, const base::Ulid& id, const base::Ulid& owner);

}  // namespace bodega::app
