// A bounded set of connections to one catalog, and transactions with retry rules on them.
#pragma once

#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "db/failure.h"
#include "db/fifo_mutex.h"
#include "db/source.h"
#include "db/stall_detector.h"

namespace bodega::db {

// Thread-safe. The pool's own threads open connections on demand, at most `size`, so a caller never waits in connect(2)
// or for a name server. Callers get connections in the order in which they asked. A caller waits at most `wait`, also
// if the server is down or full (MySQL 1040), then gets Error{unavailable} with a retry_after. If the server has been
// down for longer than `wait`, a caller fails at once, or when the current attempt to connect fails.
//
// The pool closes a connection that was idle for ten seconds. The server ends sessions that are silent for too long, so
// that the locks of a lost node do not block others for long.
class Pool {
public:
    struct Options {
        int size = 16;
        std::chrono::milliseconds wait{5000};  // how long one call may wait for connections, in all its tries together
    };
    struct Stats {
        int open = 0, busy = 0, waiting = 0;
        std::uint64_t timeouts = 0;    // number of callers that got no connection in time
        std::uint64_t reconnects = 0;  // number of connections that replaced broken ones
        std::uint64_t retries = 0;     // number of times that a transaction was run again
    };

    Pool(Source source, Options options);
    ~Pool();

    // A borrowed connection. At the end of the lease it returns to the pool, or is closed if it is broken. A
    // transaction that is still open is rolled back.
    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection) noexcept;
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        Connection& operator*() const noexcept { return *connection_; }
        Connection* operator->() const noexcept { return connection_.get(); }

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    Lease acquire();

    // Runs `work` on one connection, for reads. Each statement sees what was committed before it (SQLite: before the
    // first statement). If the connection breaks, `work` runs again on a new one, within `wait`. So `work` must not
    // depend on results of an earlier run. A write in `work` is committed at once.
    template <class Work>
    auto read(Work work) -> decltype(work(std::declval<Connection&>()));

    // Runs `work` in a transaction and commits. After a deadlock, a lock timeout (MySQL 1213, 1205; SQLITE_BUSY) or a
    // lost connection, rolls back and runs `work` again, with backoff and jitter, within `wait` and a bounded number of
    // tries. So `work` must change nothing but the connection and its own results, and must not depend on results of an
    // earlier run. An exception of `work` rolls back and is rethrown.
    //
    // `happened` is called on a new connection when the answer to COMMIT was lost. It returns true if the transaction
    // took effect; for this it looks for a row by an id that was made before. Without `happened`, a lost answer is
    // Error{unavailable}.
    using Happened = std::function<bool(Connection&)>;
    template <class Work>
    auto transact(Work work, Happened happened = nullptr) -> decltype(work(std::declval<Connection&>()));

    // Like transact(), but for at most 200 ms and on at most two connections. `work` may take effect twice, or not at
    // all. For a change that can also be made later.
    void attempt(const std::function<void(Connection&)>& work);

    Dialect dialect() const noexcept { return source_.dialect; }
    const Source& source() const noexcept { return source_; }
    Stats stats() const;

private:
    using Owned = std::unique_ptr<Connection>;
    using Moment = base::Steady::time_point;
    struct Idle {
        Owned connection;
        Moment since;
    };
    struct Wakeup {
        base::Condition called;
        bool done = false;
        Owned connection;
        std::exception_ptr failure;  // why there is no connection; `connection` is then null
    };

    // For the StallDetector. waiting_since() is the start of the oldest statement that waits; cut() breaks all
    // connections.
    std::optional<Moment> waiting_since() const EXCLUDES(mutex_);
    void cut() EXCLUDES(mutex_);

    Owned take(Moment give_up) EXCLUDES(mutex_);
    Owned wait_for_one(Moment give_up) REQUIRES(mutex_);
    void return_connection(Owned connection) noexcept EXCLUDES(mutex_);
    void discard(Owned connection) noexcept EXCLUDES(mutex_);

    std::optional<Moment> oldest_wait() const REQUIRES(mutex_);
    void hand_over(Owned& connection) noexcept REQUIRES(mutex_);
    void wake_dialer() REQUIRES(mutex_);
    bool is_wanted() const REQUIRES(mutex_);
    bool is_away() const REQUIRES(mutex_);
    bool is_long_away() const REQUIRES(mutex_);
    Failure given_up() const REQUIRES(mutex_);
    void connected() REQUIRES(mutex_);
    void not_connected(const std::exception_ptr& failure) REQUIRES(mutex_);
    void fail_waiting(const std::exception_ptr& failure) REQUIRES(mutex_);

    void dial();  // opens connections until the pool stops; runs on each thread of dialers_
    void dial_once() REQUIRES(mutex_);

    Moment deadline() const { return base::Steady::now() + options_.wait; }

    // A scope in which a transaction may have a connection. With SQLite, one transaction at a time is in such a scope:
    // the others could only wait for its locks, so they leave the connections to callers that read.
    class Turn {
    public:
        Turn(Pool& pool, Moment give_up);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        FifoMutex* const writers_;
    };

    using Job = std::function<void(Connection&)>;
    void run_read(const Job& work);
    void run_transaction(const Job& work, const Happened& happened);
    void try_transaction(const Job& work, const Happened& happened, Moment give_up);
    bool resolve_lost_commit(const Happened& happened, const std::string& session, Moment give_up);

    const Source source_;
    const Options options_;
    FifoMutex writers_;  // for SQLite, see Turn

    mutable base::Mutex mutex_;
    std::deque<Idle> idle_ GUARDED_BY(mutex_);  // idle connections, the most recently used last
    std::vector<Connection*> lent_ GUARDED_BY(mutex_);
    // Waiting callers; the first gets the next connection. If any caller waits, idle_ is empty.
    std::deque<Wakeup*> waiting_ GUARDED_BY(mutex_);
    Stats stats_ GUARDED_BY(mutex_);
    int to_replace_ GUARDED_BY(mutex_) = 0;  // number of broken connections that were not replaced yet
    int dialing_ GUARDED_BY(mutex_) = 0;     // number of attempts to connect in progress; stats_.open includes them
    int failed_ GUARDED_BY(mutex_) = 0;      // number of consecutive failed attempts to connect
    bool backing_off_ GUARDED_BY(mutex_) = false;    // a thread of dialers_ pauses between two attempts
    bool was_connected_ GUARDED_BY(mutex_) = false;  // true: at least one attempt to connect has succeeded
    // Time of the first failed connect or stall since the last success.
    std::optional<Moment> away_since_ GUARDED_BY(mutex_);
    std::optional<Failure> last_failure_ GUARDED_BY(mutex_);  // the most recent failure
    bool stopping_ GUARDED_BY(mutex_) = false;
    base::Condition wanted_;
    // Threads that open connections, each started when it is needed.
    std::vector<std::thread> dialers_ GUARDED_BY(mutex_);
    int idle_dialers_ GUARDED_BY(mutex_) = 0;

    // Only for MySQL. Declared last, so that its thread ends before the other members are destroyed.
    std::optional<StallDetector> stall_detector_;
};

template <class Work>
auto Pool::read(Work work) -> decltype(work(std::declval<Connection&>())) {
    using Result = decltype(work(std::declval<Connection&>()));
    if constexpr (std::is_void_v<Result>) {
        run_read([&](Connection& connection) { work(connection); });
    } else {
        std::optional<Result> result;
        run_read([&](Connection& connection) { result.emplace(work(connection)); });
        return std::move(*result);
    }
}

template <class Work>
auto Pool::transact(Work work, Happened happened) -> decltype(work(std::declval<Connection&>())) {
    using Result = decltype(work(std::declval<Connection&>()));
    if constexpr (std::is_void_v<Result>) {
        run_transaction([&](Connection& connection) { work(connection); }, happened);
    } else {
        std::optional<Result> result;
        run_transaction([&](Connection& connection) { result.emplace(work(connection)); }, happened);
        return std::move(*result);
    }
}

}  // namespace bodega::db
