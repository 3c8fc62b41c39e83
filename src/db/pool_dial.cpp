// The Pool's threads that open connections.
#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "base/random.h"
#include "db/pool.h"

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using std::chrono::milliseconds;
using Kind = Failure::Kind;

constexpr std::size_t kDialers = 4;
constexpr milliseconds kFirstBackoff{20}, kMaxBackoff{500};

// The pause between two attempts: exponential with full jitter, so that a fleet's nodes do not connect at the same
// moment.
milliseconds backoff_after(int failures) {
    const milliseconds max = std::min(kFirstBackoff * (1 << std::min(failures, 5)), kMaxBackoff);
    return milliseconds(base::random_below(static_cast<std::uint64_t>(max.count())) + 1);
}

// Returns a deep copy of the exception for another thread. Threads that shared one exception would be reported as a
// race: sanitizers do not see how the C++ library counts its references.
std::exception_ptr copy_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const base::Error& error) {
        return std::make_exception_ptr(
            Failure(Kind::other, error.code(), std::string(error.what()), error.retry_after()));
    }
}

}  // namespace

// Whether the server is down: attempts to connect fail, and no connection is open. With an open connection, the server
// is at most full.
bool Pool::is_away() const { return away_since_ && stats_.open == dialing_; }

bool Pool::is_long_away() const { return is_away() && Steady::now() - *away_since_ > options_.wait; }

// Whether another attempt to connect should begin. While attempts fail, the pool makes only one at a time, to find out
// when the server is back.
bool Pool::is_wanted() const {
    if (backing_off_ || stats_.open >= options_.size) return false;
    return away_since_ ? dialing_ == 0 && !waiting_.empty() : static_cast<int>(waiting_.size()) > dialing_;
}

void Pool::wake_dialer() {
    if (!is_wanted()) return;
    if (idle_dialers_ > 0) return wanted_.notify_one();
    if (dialers_.size() >= kDialers) return;
    try {
        dialers_.emplace_back([this] { dial(); });
    } catch (const std::system_error& error) {
        base::log::warn("db", "could not start a thread to connect to the database", {{"reason", error.what()}});
    }
}

void Pool::dial() {
    const base::MutexLock lock(mutex_);
    for (;;) {
        ++idle_dialers_;
        wanted_.wait(mutex_, [this]() REQUIRES(mutex_) { return stopping_ || is_wanted(); });
        --idle_dialers_;
        if (stopping_) return;
        dial_once();
        if (!last_failure_ || backing_off_) continue;
        backing_off_ = true;
        wanted_.wait_for(mutex_, backoff_after(failed_), [this]() REQUIRES(mutex_) { return stopping_; });
        backing_off_ = false;
    }
}

void Pool::dial_once() {
    ++dialing_;
    ++stats_.open;
    Owned connection;
    std::exception_ptr failure;
    {
        const base::MutexUnlock unlocked(mutex_);
        try {
            connection = connect(source_);
        } catch (const base::Error&) {
            failure = std::current_exception();
        }
    }
    --dialing_;
    if (failure) return not_connected(failure);
    connected();
    hand_over(connection);
    const base::MutexUnlock unlocked(mutex_);
    // hand_over() took the new connection, and may have left one here that was idle for too long.
    connection.reset();
}

void Pool::connected() {
    was_connected_ = true;
    failed_ = 0;
    away_since_.reset();
    last_failure_.reset();
    if (to_replace_ == 0) return;
    --to_replace_;
    ++stats_.reconnects;
}

void Pool::not_connected(const std::exception_ptr& failure) {
    --stats_.open;
    try {
        std::rethrow_exception(failure);
    } catch (const base::Error& error) {
        if (error.code() == Code::config_invalid && was_connected_) {
            // These settings worked before, so this is an outage: waiting callers get Error{unavailable}, and the log
            // has the reason.
            base::log::error("db", error.what());
            last_failure_.emplace(Kind::other, Code::unavailable,
                                  "the database refuses connections that it accepted before", 1);
        } else if (error.code() == Code::unavailable) {
            last_failure_.emplace(Kind::other, error.code(), error.what(), error.retry_after());
        } else {
            return fail_waiting(failure);  // the settings are wrong, so a later attempt would fail too
        }
    }
    ++failed_;
    if (!away_since_) away_since_ = Steady::now();
    if (is_long_away()) fail_waiting(std::make_exception_ptr(*last_failure_));
}

void Pool::fail_waiting(const std::exception_ptr& failure) {
    for (Wakeup* waiter : std::exchange(waiting_, {})) {
        waiter->failure = copy_of(failure);
        waiter->done = true;
        waiter->called.notify_one();
    }
}

}  // namespace bodega::db
