// The Pool's transactions and reads: what is run again, and when that ends.
#include <algorithm>

#include "base/log.h"
#include "db/backoff.h"
#include "db/pool.h"

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using Kind = Failure::Kind;

}  // namespace

// Tries go on for `wait`, but an outage that began earlier has used some of it: when it lasts, callers
// are told at once.
Steady::time_point Pool::give_up_at() const {
    const std::lock_guard lock(mutex_);
    return away_since_.value_or(Steady::now()) + options_.wait;
}

void Pool::run_read(const Job& work) {
    Backoff backoff;
    const auto give_up = Steady::now() + options_.wait;
    for (;;) {
        try {
            const Lease lease = acquire();
            lease->begin_reading();
            work(*lease);
            return;
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), std::min(give_up, give_up_at()))) throw;
        }
    }
}

void Pool::run_transaction(const Job& work, const Happened& happened) {
    Backoff backoff;
    const auto give_up = Steady::now() + options_.wait;
    for (;;) {
        try {
            try_transaction(work, happened);
            return;
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), std::min(give_up, give_up_at()))) throw;
            base::log::debug("db", "a transaction is run again", {{"after", failure.what()}});
        }
        const std::lock_guard lock(mutex_);
        ++stats_.retries;
    }
}

void Pool::try_transaction(const Job& work, const Happened& happened) {
    try {
        const Lease lease = acquire();
        lease->begin();
        work(*lease);
        lease->commit();
    } catch (const CommitLost& lost) {
        // The lease has ended: the broken connection is closed.
        if (!happened) {
            throw Failure(Kind::other, Code::unavailable,
                          "the database went away before it confirmed the change; look whether it was made", 1);
        }
        base::log::warn("db", "the answer to COMMIT was lost; finding out", {{"why", lost.what()}});
        if (!find_out(happened, lost.session())) throw Failure(Kind::lost, Code::unavailable, lost.what(), 1);
    }
}

bool Pool::find_out(const Happened& happened, const std::string& session) {
    Backoff backoff;
    const auto give_up = Steady::now() + options_.wait;
    for (;;) {
        try {
            const Lease lease = acquire();
            // As long as the old session lives, its COMMIT may still be carried out.
            if (!lease->end_session(session, options_.wait)) break;
            return happened(*lease);
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), give_up)) break;
        }
    }
    throw Failure(Kind::other, Code::unavailable,
                  "the database went away before it confirmed the change, and whether it was made isn't known yet; "
                  "look before trying again",
                  1);
}

}  // namespace bodega::db
