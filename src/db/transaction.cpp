// The Pool's transactions and reads: what is retried, and when to give up.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "db/backoff.h"
#include "db/pool.h"

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using Kind = Failure::Kind;

constexpr std::chrono::milliseconds kAttemptWait{200};

}  // namespace

Pool::Turn::Turn(Pool& pool, Moment give_up) : writers_(pool.dialect() == Dialect::sqlite ? &pool.writers_ : nullptr) {
    if (writers_ == nullptr) return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - Steady::now());
    if (!writers_->enter(std::max(left, std::chrono::milliseconds{0})))
        throw Failure(Kind::other, Code::unavailable, "other changes keep the database busy; try again", 1);
}

Pool::Turn::~Turn() {
    if (writers_ != nullptr) writers_->leave();
}

void Pool::run_read(const Job& work) {
    Backoff backoff;
    const auto give_up = deadline();
    for (;;) {
        try {
            const Lease lease(*this, take(give_up));
            lease->begin_reading();
            work(*lease);
            return;
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), give_up)) throw;
        }
    }
}

void Pool::run_transaction(const Job& work, const Happened& happened) {
    Backoff backoff;
    const auto give_up = deadline();
    for (;;) {
        try {
            try_transaction(work, happened, give_up);
            return;
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), give_up)) throw;
            base::log::debug("db", "retrying a transaction", {{"after", failure.what()}});
        }
        const base::MutexLock lock(mutex_);
        ++stats_.retries;
    }
}

void Pool::attempt(const Job& work) {
    auto run_again = [](Connection&) { return false; };
    const auto give_up = std::min(deadline(), Steady::now() + kAttemptWait);
    Backoff backoff;
    bool lost = false;
    for (;;) {
        try {
            return try_transaction(work, run_again, give_up);
        } catch (const Failure& failure) {
            // A lost connection is retried only once, because each try on a server that accepts no writes breaks
            // another connection.
            const bool enough =
                failure.kind() == Kind::lost ? std::exchange(lost, true) : !backoff.again(failure.kind(), give_up);
            if (enough) throw;
        }
    }
}

void Pool::try_transaction(const Job& work, const Happened& happened, Moment give_up) {
    if (stall_detector_ && stall_detector_->is_stalled())
        throw Failure(Kind::other, Code::unavailable, "the database completes no writes at the moment; try again", 2);
    PendingSync sync;
    try {
        const Turn turn(*this, give_up);
        const Lease lease(*this, take(give_up));
        lease->begin();
        work(*lease);
        sync = lease->commit();
    } catch (const CommitLost& lost) {
        // Here the lease has ended and the broken connection is closed.
        if (!happened) {
            throw Failure(Kind::other, Code::unavailable,
                          "the connection to the database broke before it confirmed the change; check whether the "
                          "change was made",
                          1);
        }
        base::log::warn("db", "the answer to COMMIT was lost; checking whether it took effect", {{"why", lost.what()}});
        if (!resolve_lost_commit(happened, lost.session(), give_up))
            throw Failure(Kind::lost, Code::unavailable, lost.what(), 1);
    }
    sync.wait();
}

bool Pool::resolve_lost_commit(const Happened& happened, const std::string& session, Moment give_up) {
    Backoff backoff;
    for (;;) {
        try {
            const Lease lease(*this, take(give_up));
            // The lost session's COMMIT may still take effect as long as that session exists, so end the session first.
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - Steady::now());
            if (!lease->end_session(session, left)) break;
            return happened(*lease);
        } catch (const Failure& failure) {
            if (!backoff.again(failure.kind(), give_up)) break;
        }
    }
    throw Failure(
        Kind::other, Code::unavailable,
        "the connection to the database broke before it confirmed the change, and it is not known whether it was made; "
        "check before trying again",
        1);
}

}  // namespace bodega::db
