#include "db/pool.h"

#include <algorithm>
#include <string>

namespace bodega::db {
namespace {

using base::Code;
using base::Steady;
using Kind = Failure::Kind;

// A node that the network swallowed holds its locks until the server ends its sessions: soon in a transaction, for
// which MySQL has no limit of its own.
constexpr std::chrono::seconds kIdle{15}, kIdleTransaction{3};
constexpr std::chrono::seconds kKeepIdle{10};        // less than kIdle
constexpr std::chrono::milliseconds kFresh{100};     // since its last use: not asked whether it still stands
constexpr std::chrono::milliseconds kPatience{250};  // with an attempt to connect, while the server is long away

Source pooled(Source source) {
    if (source.idle_timeout.count() == 0) source.idle_timeout = kIdle;
    if (source.idle_transaction_timeout.count() == 0) source.idle_transaction_timeout = kIdleTransaction;
    return source;
}

}  // namespace

Pool::Pool(Source source, Options options) : source_(pooled(std::move(source))), options_(options) {
    if (source_.dialect == Dialect::sqlite) return;
    lookout_.emplace(
        source_, [this] { return waiting_since(); }, [this] { cut(); });
}

Pool::~Pool() {
    lookout_.reset();
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    wanted_.notify_all();
    for (std::thread& dialer : dialers_) dialer.join();
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection) noexcept
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
    if (connection_) pool_->give_back(std::move(connection_));
}

Pool::Lease Pool::acquire() { return {*this, take(deadline())}; }

Pool::Stats Pool::stats() const {
    const std::lock_guard lock(mutex_);
    Stats now = stats_;
    now.busy = now.open - static_cast<int>(idle_.size());
    now.waiting = static_cast<int>(waiting_.size());
    return now;
}

std::optional<Pool::Moment> Pool::waiting_since() const {
    const std::lock_guard lock(mutex_);
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

// Those too that ask nothing just now: their next statement would only begin to wait.
void Pool::cut() {
    std::deque<Idle> doomed;
    const std::lock_guard lock(mutex_);
    if (!away_since_) away_since_ = oldest_wait();
    for (Connection* connection : lent_) connection->cut();
    doomed.swap(idle_);
    stats_.open -= static_cast<int>(doomed.size());
    to_replace_ = std::min(to_replace_ + static_cast<int>(doomed.size()), options_.size);
}

Pool::Owned Pool::take(Moment give_up) {
    std::unique_lock lock(mutex_);
    if (Owned connection = take_idle(lock)) return connection;
    return wait_for_one(lock, give_up);
}

Pool::Owned Pool::take_idle(std::unique_lock<std::mutex>& lock) {
    while (!idle_.empty()) {
        Owned connection = std::move(idle_.back().connection);
        const bool fresh = Steady::now() - idle_.back().since < kFresh;
        idle_.pop_back();
        lent_.push_back(connection.get());
        if (fresh) return connection;
        lock.unlock();
        if (!connection->hung_up()) return connection;
        lose(std::move(connection));
        lock.lock();
    }
    return nullptr;
}

// Not a base::Blocking: whoever worked meanwhile would only come to wait here as well.
Pool::Owned Pool::wait_for_one(std::unique_lock<std::mutex>& lock, Moment give_up) {
    if (is_long_away() && resting_) throw given_up();
    if (is_long_away()) give_up = std::min(give_up, Steady::now() + kPatience);
    Waiter self;
    waiting_.push_back(&self);
    call_dialer();
    if (!self.called.wait_until(lock, give_up, [&] { return self.done; })) {
        waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &self));
        ++stats_.timeouts;
        throw given_up();
    }
    if (self.refusal) std::rethrow_exception(self.refusal);
    return std::move(self.connection);
}

// Why there is no connection. Not to be tried again: who waited for it has used up its time.
Failure Pool::given_up() const {
    if (trouble_) return {Kind::other, trouble_->code(), std::string(trouble_->what()), trouble_->retry_after()};
    if (stats_.open == dialing_) return {Kind::other, Code::unavailable, "the database does not answer; try again", 1};
    return {Kind::other, Code::unavailable,
            "all " + std::to_string(options_.size) + " connections to the database are busy; try again", 1};
}

void Pool::give_back(Owned connection) noexcept {
    connection->settle();
    if (connection->broken()) return lose(std::move(connection));
    const std::lock_guard lock(mutex_);
    std::erase(lent_, connection.get());
    hand_on(connection);
}

// Ends a broken connection, and those that idle: they lead to the same server and may be no better.
void Pool::lose(Owned connection) noexcept {
    std::deque<Idle> doomed;
    {
        const std::lock_guard lock(mutex_);
        std::erase(lent_, connection.get());
        doomed.swap(idle_);
        const int lost = 1 + static_cast<int>(doomed.size());
        stats_.open -= lost;
        to_replace_ = std::min(to_replace_ + lost, options_.size);
        call_dialer();
    }
    connection.reset();
}

// Gives a connection to who waits longest, or keeps it.
void Pool::hand_on(Owned& connection) noexcept {
    if (!waiting_.empty()) {
        Waiter* next = waiting_.front();
        waiting_.pop_front();
        lent_.push_back(connection.get());
        next->connection = std::move(connection);
        next->done = true;
        next->called.notify_one();  // under the lock: the waiter ends with its wait
        return;
    }
    const auto now = Steady::now();
    idle_.push_back({std::move(connection), now});
    if (now - idle_.front().since < kKeepIdle) return;
    connection = std::move(idle_.front().connection);  // closed by the caller, who has left the lock
    idle_.pop_front();
    --stats_.open;
}

}  // namespace bodega::db
