#include "db/pool.h"

#include <algorithm>
#include <string>

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using Kind = Failure::Kind;

// The server ends a session that sends no statement for kIdle, or for kIdleTransaction inside a transaction. Until
// then, a node that lost its network keeps its locks, so kIdleTransaction is short. MySQL supports only kIdle, MariaDB
// both.
constexpr std::chrono::seconds kIdle{15}, kIdleTransaction{3};
// Less than kIdle, so that the pool closes an idle connection before the server does.
constexpr std::chrono::seconds kKeepIdle{10};
// A connection that was used within this time is lent without checking whether the server has closed it.
constexpr std::chrono::milliseconds kFresh{100};
// Maximum wait of a caller for an attempt to connect, if the server has been down for longer than Options::wait.
constexpr std::chrono::milliseconds kConnectWait{250};

Source pooled(Source source) {
    if (source.idle_timeout.count() == 0) source.idle_timeout = kIdle;
    if (source.idle_transaction_timeout.count() == 0) source.idle_transaction_timeout = kIdleTransaction;
    return source;
}

}  // namespace

Pool::Pool(Source source, Options options) : source_(pooled(std::move(source))), options_(options) {
    if (source_.dialect == Dialect::sqlite) return;
    stall_detector_.emplace(
        source_, [this] { return waiting_since(); }, [this] { cut(); });
}

Pool::~Pool() {
    stall_detector_.reset();
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
    }
    wanted_.notify_all();
    for (std::thread& dialer : dialers_) dialer.join();
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection) noexcept
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
    if (connection_) pool_->return_connection(std::move(connection_));
}

Pool::Lease Pool::acquire() { return {*this, take(deadline())}; }

Pool::Stats Pool::stats() const {
    const base::MutexLock lock(mutex_);
    Stats now = stats_;
    now.busy = now.open - static_cast<int>(idle_.size());
    now.waiting = static_cast<int>(waiting_.size());
    return now;
}

std::optional<Pool::Moment> Pool::waiting_since() const {
    const base::MutexLock lock(mutex_);
    return oldest_wait();
}

std::optional<Pool::Moment> Pool::oldest_wait() const {
    std::optional<Moment> oldest;
    for (const Connection* connection : lent_) {
        const auto since = connection->waits_since();
        if (since && (!oldest || *since < *oldest)) oldest = since;
    }
    return oldest;
}

// Also cuts connections that run no statement, because their next statement would wait too.
void Pool::cut() {
    std::deque<Idle> to_close;
    const base::MutexLock lock(mutex_);
    if (!away_since_) away_since_ = oldest_wait();
    for (Connection* connection : lent_) connection->cut();
    to_close.swap(idle_);
    stats_.open -= static_cast<int>(to_close.size());
    to_replace_ = std::min(to_replace_ + static_cast<int>(to_close.size()), options_.size);
}

Pool::Owned Pool::take(Moment give_up) {
    base::MutexLock lock(mutex_);
    while (!idle_.empty()) {
        Owned connection = std::move(idle_.back().connection);
        const bool fresh = Steady::now() - idle_.back().since < kFresh;
        idle_.pop_back();
        lent_.push_back(connection.get());
        if (fresh) return connection;
        lock.unlock();
        if (!connection->hung_up()) return connection;
        discard(std::move(connection));
        lock.lock();
    }
    return wait_for_one(give_up);
}

// Does not use base::Blocking, which would let another request's thread run: that thread would soon wait here too.
Pool::Owned Pool::wait_for_one(Moment give_up) {
    if (is_long_away() && backing_off_) throw given_up();
    if (is_long_away()) give_up = std::min(give_up, Steady::now() + kConnectWait);
    Wakeup self;
    waiting_.push_back(&self);
    wake_dialer();
    if (!self.called.wait_until(mutex_, give_up, [&] { return self.done; })) {
        waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &self));
        ++stats_.timeouts;
        throw given_up();
    }
    if (self.failure) std::rethrow_exception(self.failure);
    return std::move(self.connection);
}

// Returns why the caller got no connection. The kind is Kind::other, which is not retried, because the caller's time is
// used up.
Failure Pool::given_up() const {
    if (last_failure_)
        return {Kind::other, last_failure_->code(), std::string(last_failure_->what()), last_failure_->retry_after()};
    if (stats_.open == dialing_) return {Kind::other, Code::unavailable, "the database does not answer; try again", 1};
    return {Kind::other, Code::unavailable,
            "all " + std::to_string(options_.size) + " connections to the database are busy; try again", 1};
}

void Pool::return_connection(Owned connection) noexcept {
    connection->settle();
    if (connection->broken()) return discard(std::move(connection));
    const base::MutexLock lock(mutex_);
    std::erase(lent_, connection.get());
    hand_over(connection);
}

// Closes a broken connection, and all idle connections too: these lead to the same server, so they are probably broken.
void Pool::discard(Owned connection) noexcept {
    std::deque<Idle> to_close;
    {
        const base::MutexLock lock(mutex_);
        std::erase(lent_, connection.get());
        to_close.swap(idle_);
        const int lost = 1 + static_cast<int>(to_close.size());
        stats_.open -= lost;
        to_replace_ = std::min(to_replace_ + lost, options_.size);
        wake_dialer();
    }
    connection.reset();
}

// Gives the connection to the caller that has waited longest, or keeps it idle.
void Pool::hand_over(Owned& connection) noexcept {
    if (!waiting_.empty()) {
        Wakeup* next = waiting_.front();
        waiting_.pop_front();
        lent_.push_back(connection.get());
        next->connection = std::move(connection);
        next->done = true;
        // Notifies under the lock: the waiting caller destroys the Wakeup as soon as it continues.
        next->called.notify_one();
        return;
    }
    const auto now = Steady::now();
    idle_.push_back({std::move(connection), now});
    if (now - idle_.front().since < kKeepIdle) return;
    connection = std::move(idle_.front().connection);  // the caller closes this one after it has released the mutex
    idle_.pop_front();
    --stats_.open;
}

}  // namespace bodega::db
