#include "db/stall_detector.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "db/failure.h"

namespace bodega::db {
namespace {

using base::Steady;
using std::chrono::milliseconds;

// The sum of these is less than a call's time limit, so that a failed caller can still answer its own client in time.
constexpr milliseconds kCheckEvery{200}, kLong{250}, kSilence{1000};
constexpr milliseconds kLongWrite{450}, kTryWrites{2000};
constexpr Sql kOne{"lookout.ask", "SELECT 1"};
constexpr Sql kAdd{"lookout.add", "INSERT INTO schema_migrations (version, done) VALUES (-2, 0)"};
constexpr Sql kRemove{"lookout.remove", "DELETE FROM schema_migrations WHERE version = -2"};

Source with_short_timeouts(Source source) {
    source.connect_timeout = kSilence;
    source.read_timeout = kSilence;
    return source;
}

}  // namespace

StallDetector::StallDetector(Source source, Oldest oldest, Cut cut)
    : source_(with_short_timeouts(std::move(source))),
      oldest_(std::move(oldest)),
      cut_(std::move(cut)),
      thread_([this] { run(); }) {}

StallDetector::~StallDetector() {
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void StallDetector::run() {
    base::MutexLock lock(mutex_);
    while (!ended_.wait_for(mutex_, kCheckEvery, [this]() REQUIRES(mutex_) { return stopping_; })) {
        lock.unlock();
        check();
        lock.lock();
    }
}

void StallDetector::check() {
    const auto since = oldest_();
    const auto now = Steady::now();
    if (!since && !stalled_) connection_.reset();
    if (since && now - *since > kLong && !answers()) {
        base::log::warn("db", "database not responding; failing waiting queries");
        return cut_();
    }
    const bool is_due = now - tried_at_ > kTryWrites && (stalled_ || (since && now - *since > kLongWrite));
    if (!is_due) return;
    set_stalled(!takes_writes());
    tried_at_ = Steady::now();
    if (stalled_) cut_();
}

void StallDetector::set_stalled(bool stalled) {
    if (stalled_.exchange(stalled) == stalled) return;
    if (stalled)
        base::log::error("db", "database completes no writes, as with a full disk; failing writes until it does");
    else base::log::info("db", "database completes writes again");
}

// Returns false if the server does not answer in time. An error that comes at once is an answer too: the callers that
// wait get the same error from their own connections.
bool StallDetector::answers() {
    const auto began = Steady::now();
    try {
        if (!connection_) connection_ = connect(source_);
        connection_->query(kOne).next();
        return true;
    } catch (const base::Error&) {
        connection_.reset();
        return Steady::now() - began < kSilence / 2;
    }
}

// Commits a transaction that adds a row and removes it, so no other session ever sees the row. If two processes do this
// at the same time, one waits for the other, which is harmless: both test the same server.
bool StallDetector::takes_writes() {
    const auto began = Steady::now();
    try {
        if (!connection_) connection_ = connect(source_);
        connection_->begin();
        connection_->execute(kAdd);
        connection_->execute(kRemove);
        connection_->commit().wait();
        return true;
    } catch (const CommitLost& lost) {
        connection_.reset();
        if (Steady::now() - began < kSilence / 2) return true;
        end_session(lost.session());
    } catch (const base::Error&) {
        connection_.reset();
        return Steady::now() - began < kSilence / 2;
    }
    return false;
}

// Ends the session of a trial write whose COMMIT got no answer. It may be waiting for disk space, and the server would
// keep it until space is free.
void StallDetector::end_session(const std::string& session) {
    try {
        connection_ = connect(source_);
        connection_->end_session(session, kCheckEvery);
    } catch (const base::Error&) {
        connection_.reset();
    }
}

}  // namespace bodega::db
