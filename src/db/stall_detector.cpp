#include "db/stall_detector.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "db/failure.h"

namespace bodega::db {
namespace {

using base::Steady;
using std::chrono::milliseconds;

// Together less than what a call may wait: who is told goes on to say so to its own caller.
constexpr milliseconds kLook{200}, kLong{250}, kSilence{1000};
constexpr milliseconds kLongWrite{450}, kTryWrites{2000};
constexpr Sql kOne{"lookout.ask", "SELECT 1"};
constexpr Sql kAdd{"lookout.add", "INSERT INTO schema_migrations (version, done) VALUES (-2, 0)"};
constexpr Sql kRemove{"lookout.remove", "DELETE FROM schema_migrations WHERE version = -2"};

Source impatient(Source source) {
    source.connect_timeout = kSilence;
    source.read_timeout = kSilence;
    return source;
}

}  // namespace

Lookout::Lookout(Source source, Oldest oldest, Cut cut)
    : source_(impatient(std::move(source))),
      oldest_(std::move(oldest)),
      cut_(std::move(cut)),
      thread_([this] { run(); }) {}

Lookout::~Lookout() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void Lookout::run() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, kLook, [this] { return over_; })) {
        lock.unlock();
        look();
        lock.lock();
    }
}

void Lookout::look() {
    const auto since = oldest_();
    const auto now = Steady::now();
    if (!since && !stalled_) connection_.reset();
    if (since && now - *since > kLong && !answers()) {
        base::log::warn("db", "the database does not answer: who waits for it is told so");
        return cut_();
    }
    const bool is_due = now - tried_at_ > kTryWrites && (stalled_ || (since && now - *since > kLongWrite));
    if (!is_due) return;
    set_stalled(!takes_writes());
    tried_at_ = Steady::now();
    if (stalled_) cut_();
}

void Lookout::set_stalled(bool stalled) {
    if (stalled_.exchange(stalled) == stalled) return;
    if (stalled) base::log::error("db", "the database completes no write, as on a full disk: who writes is told so");
    else base::log::info("db", "the database takes writes again");
}

// What fails at once was no silence; whoever waits learns of that by themselves.
bool Lookout::answers() {
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

// The row is never seen by another. Two processes at once wait for each other, and for the same thing.
bool Lookout::takes_writes() {
    const auto began = Steady::now();
    try {
        if (!connection_) connection_ = connect(source_);
        connection_->begin();
        connection_->execute(kAdd);
        connection_->execute(kRemove);
        connection_->commit();
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

// What waits for room on the server keeps one of its sessions.
void Lookout::end_session(const std::string& session) {
    try {
        connection_ = connect(source_);
        connection_->end_session(session, kLook);
    } catch (const base::Error&) {
        connection_.reset();
    }
}

}  // namespace bodega::db
