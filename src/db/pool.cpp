#include "db/pool.h"

#include <algorithm>
#include <string>

#include "base/log.h"
#include "db/failure.h"

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using Kind = Failure::Kind;

constexpr std::chrono::seconds kKeepIdle{60};
constexpr std::chrono::milliseconds kFresh{100};  // since its last use: not asked whether it still stands

}  // namespace

Pool::Pool(Source source, Options options) : source_(std::move(source)), options_(options) {}

Pool::~Pool() = default;

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection) noexcept
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
    if (connection_) pool_->give_back(std::move(connection_));
}

Pool::Lease Pool::acquire() { return {*this, take()}; }

Pool::Stats Pool::stats() const {
    const std::lock_guard lock(mutex_);
    Stats now = stats_;
    now.busy = now.open - static_cast<int>(idle_.size());
    now.waiting = static_cast<int>(waiting_.size());
    return now;
}

Pool::Owned Pool::take() {
    std::unique_lock lock(mutex_);
    if (Owned connection = take_idle(lock)) return connection;
    if (stats_.open >= options_.size) return wait_for_one(lock);
    ++stats_.open;
    lock.unlock();
    return open();
}

Pool::Owned Pool::take_idle(std::unique_lock<std::mutex>& lock) {
    while (!idle_.empty()) {
        Owned connection = std::move(idle_.back().connection);
        const bool fresh = Steady::now() - idle_.back().since < kFresh;
        idle_.pop_back();
        if (fresh) return connection;
        lock.unlock();
        if (!connection->hung_up()) return connection;
        lose(std::move(connection));
        lock.lock();
    }
    return nullptr;
}

// Not a base::Blocking: whoever worked meanwhile would only come to wait here as well.
Pool::Owned Pool::wait_for_one(std::unique_lock<std::mutex>& lock) {
    Waiter self;
    waiting_.push_back(&self);
    if (!self.called.wait_for(lock, options_.wait, [&] { return self.granted; })) {
        waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &self));
        ++stats_.timeouts;
        throw Failure(Kind::other, Code::unavailable,
                      "all " + std::to_string(options_.size) + " connections to the database are busy; try again", 1);
    }
    lock.unlock();
    return self.connection ? std::move(self.connection) : open();
}

// Opens a connection for a place that is already counted.
Pool::Owned Pool::open() {
    try {
        Owned connection = open_first();
        const std::lock_guard lock(mutex_);
        --opening_;
        was_connected_ = true;
        away_since_.reset();
        if (to_replace_ > 0) {
            --to_replace_;
            ++stats_.reconnects;
        }
        return connection;
    } catch (const base::Error& error) {
        std::unique_lock lock(mutex_);
        --opening_;
        if (!away_since_) away_since_ = Steady::now();
        const bool was_connected = was_connected_;
        lock.unlock();
        hand_on(nullptr);
        if (!was_connected || error.code() != Code::config_invalid) throw;
        // It was right before: to the requests under way this is an outage, which its operator has to end.
        base::log::error("db", error.what());
        throw Failure(Kind::lost, Code::unavailable, "the database refuses connections that it took before", 1);
    }
}

// While the server has been away for long, one caller at a time finds out whether it is back.
Pool::Owned Pool::open_first() {
    std::unique_lock lock(mutex_);
    const bool others_try = opening_++ > 0;
    if (others_try && away_since_ && Steady::now() - *away_since_ > options_.wait) {
        throw Failure(Kind::other, Code::unavailable, "the database is away; try again", 1);
    }
    lock.unlock();
    return connect(source_);
}

void Pool::give_back(Owned connection) noexcept {
    connection->settle();
    if (connection->broken()) lose(std::move(connection));
    else hand_on(std::move(connection));
}

// Ends a broken connection, and those that idle: they lead to the same server and may be no better.
void Pool::lose(Owned connection) noexcept {
    std::deque<Idle> doomed;
    {
        const std::lock_guard lock(mutex_);
        doomed.swap(idle_);
        stats_.open -= static_cast<int>(doomed.size());
        to_replace_ = std::min(to_replace_ + 1 + static_cast<int>(doomed.size()), options_.size);
    }
    connection.reset();
    hand_on(nullptr);
}

// Gives a connection, or its empty place, to who waits longest.
void Pool::hand_on(Owned connection) noexcept {
    Owned unused;
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
        Waiter* next = waiting_.front();
        waiting_.pop_front();
        next->connection = std::move(connection);
        next->granted = true;
        next->called.notify_one();  // under the lock: the waiter ends with its wait
        return;
    }
    if (!connection) {
        --stats_.open;
        return;
    }
    const auto now = Steady::now();
    idle_.push_back({std::move(connection), now});
    if (now - idle_.front().since < kKeepIdle) return;
    unused = std::move(idle_.front().connection);
    idle_.pop_front();
    --stats_.open;
}

}  // namespace bodega::db
