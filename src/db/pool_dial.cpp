// The Pool's threads that connect.
#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "db/pool.h"

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using std::chrono::milliseconds;
using Kind = Failure::Kind;

constexpr std::size_t kDialers = 4;
constexpr milliseconds kFirstRest{20}, kLongestRest{500};

// Between two attempts: exponential with full jitter, so that the nodes of a fleet don't knock together.
milliseconds rest_after(int failures) {
    const milliseconds most = std::min(kFirstRest * (1 << std::min(failures, 5)), kLongestRest);
    return milliseconds(base::random_below(static_cast<std::uint64_t>(most.count())) + 1);
}

// One of its own for another thread, its text too. What is shared the libraries count, where no sanitizer sees it.
std::exception_ptr own(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const base::Error& error) {
        return std::make_exception_ptr(
            Failure(Kind::other, error.code(), std::string(error.what()), error.retry_after()));
    }
}

}  // namespace

// A server that lets others of this pool work is not away, though it may be full.
bool Pool::is_away() const { return away_since_ && stats_.open == dialing_; }

bool Pool::is_long_away() const { return is_away() && Steady::now() - *away_since_ > options_.wait; }

// While attempts fail, one at a time finds out whether the server is back.
bool Pool::is_wanted() const {
    if (resting_ || stats_.open >= options_.size) return false;
    return away_since_ ? dialing_ == 0 && !waiting_.empty() : static_cast<int>(waiting_.size()) > dialing_;
}

void Pool::call_dialer() {
    if (!is_wanted()) return;
    if (idle_dialers_ > 0) return wanted_.notify_one();
    if (dialers_.size() >= kDialers) return;
    try {
        dialers_.emplace_back([this] { dial(); });
    } catch (const std::system_error& error) {
        base::log::warn("db", "no thread could be made to connect to the database", {{"reason", error.what()}});
    }
}

void Pool::dial() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_dialers_;
        wanted_.wait(lock, [this] { return over_ || is_wanted(); });
        --idle_dialers_;
        if (over_) return;
        dial_once(lock);
        if (!trouble_ || resting_) continue;
        resting_ = true;
        wanted_.wait_for(lock, rest_after(failed_), [this] { return over_; });
        resting_ = false;
    }
}

void Pool::dial_once(std::unique_lock<std::mutex>& lock) {
    ++dialing_;
    ++stats_.open;
    lock.unlock();
    Owned connection;
    std::exception_ptr failure;
    try {
        connection = connect(source_);
    } catch (const base::Error&) {
        failure = std::current_exception();
    }
    lock.lock();
    --dialing_;
    if (failure) return not_connected(failure);
    connected();
    hand_on(connection);
    lock.unlock();
    connection.reset();  // another that has idled for too long
    lock.lock();
}

void Pool::connected() {
    was_connected_ = true;
    failed_ = 0;
    away_since_.reset();
    trouble_.reset();
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
            // It was right before: to the requests under way this is an outage, which its operator has to end.
            base::log::error("db", error.what());
            trouble_.emplace(Kind::other, Code::unavailable, "the database refuses connections that it took before", 1);
        } else if (error.code() == Code::unavailable) {
            trouble_.emplace(Kind::other, error.code(), error.what(), error.retry_after());
        } else {
            return refuse_waiting(failure);  // no waiting mends it
        }
    }
    ++failed_;
    if (!away_since_) away_since_ = Steady::now();
    if (is_long_away()) refuse_waiting(std::make_exception_ptr(*trouble_));
}

void Pool::refuse_waiting(const std::exception_ptr& failure) {
    for (Waiter* waiter : std::exchange(waiting_, {})) {
        waiter->refusal = own(failure);
        waiter->done = true;
        waiter->called.notify_one();
    }
}

}  // namespace bodega::db
