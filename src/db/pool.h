// A bounded set of connections to one catalog, and transactions with the retry rules on them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "db/failure.h"
#include "db/stall_detector.h"
#include "db/source.h"

namespace bodega::db {

// Thread-safe. Connections are made on demand, at most `size`, by threads of the pool's own: no caller is held by a
// name server or a network that does not answer. A caller waits at most `wait` for one that is given back or made,
// first come, first served, then Error{unavailable} with a retry_after: also for a server that is full (MySQL 1040)
// or away. While one has been away for longer, callers are told so at once, or as soon as an attempt that is under
// way tells. A connection that was not used for ten seconds is closed, and the server ends the sessions of a node that
// it hears nothing of, so that the locks of one that is gone hold nobody up for long.
class Pool {
public:
    struct Options {
        int size = 16;
        std::chrono::milliseconds wait{5000};  // of a call, all its tries together
    };
    struct Stats {
        int open = 0, busy = 0, waiting = 0;
        std::uint64_t timeouts = 0;    // callers that waited in vain
        std::uint64_t reconnects = 0;  // connections made in place of one that broke
        std::uint64_t retries = 0;     // transactions that were run once more
    };

    Pool(Source source, Options options);
    ~Pool();

    // A connection on loan: given back at the lease's end, thrown away if broken. Whatever transaction is
    // then open is rolled back, so nothing depends on when a lease ends.
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

    // Runs `work` on one connection, for reads; each statement sees what was committed before it (SQLite:
    // before the first). On a connection that broke it is run again on a new one, so it assigns its results
    // anew, within `wait`. A write in it is committed at once, by itself.
    template <class Work>
    auto read(Work work) -> decltype(work(std::declval<Connection&>()));

    // Runs `work` in a transaction and commits. Deadlocks and lock waits (MySQL 1213, 1205; SQLITE_BUSY)
    // roll back and run it again, a lost connection too, with backoff and jitter, within `wait` and a
    // bounded number of tries; so `work` must have no effect but on the connection and on what it assigns
    // anew. An exception of `work` rolls back and is passed on.
    // `happened`: asked on a new connection when the answer to COMMIT was lost; true if the transaction's
    // effect is there (look for a row by the id made before). Without it such a loss is Error{unavailable}.
    using Happened = std::function<bool(Connection&)>;
    template <class Work>
    auto transact(Work work, Happened happened = nullptr) -> decltype(work(std::declval<Connection&>()));

    // The same for a fifth of a second at most, on at most two connections: for a change that may as well be made
    // another time, or twice.
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
    struct Waiter {
        std::condition_variable called;
        bool done = false;
        Owned connection;
        std::exception_ptr refusal;  // in its stead
    };

    // What the lookout asks for: since when the oldest statement waits, and the end of all.
    std::optional<Moment> waiting_since() const;
    void cut();

    Owned take(Moment give_up);
    Owned take_idle(std::unique_lock<std::mutex>& lock);
    Owned wait_for_one(std::unique_lock<std::mutex>& lock, Moment give_up);
    void give_back(Owned connection) noexcept;
    void lose(Owned connection) noexcept;

    // These require mutex_.
    std::optional<Moment> oldest_wait() const;
    void hand_on(Owned& connection) noexcept;
    void call_dialer();
    bool is_wanted() const;
    bool is_away() const;
    bool is_long_away() const;
    Failure given_up() const;
    void connected();
    void not_connected(const std::exception_ptr& failure);
    void refuse_waiting(const std::exception_ptr& failure);

    void dial();  // a dialer's thread
    void dial_once(std::unique_lock<std::mutex>& lock);

    Moment deadline() const { return base::Steady::now() + options_.wait; }

    using Job = std::function<void(Connection&)>;
    void run_read(const Job& work);
    void run_transaction(const Job& work, const Happened& happened);
    void try_transaction(const Job& work, const Happened& happened, Moment give_up);
    bool find_out(const Happened& happened, const std::string& session, Moment give_up);

    const Source source_;
    const Options options_;

    mutable std::mutex mutex_;
    // Protected by mutex_:
    std::deque<Idle> idle_;  // last used last
    std::vector<Connection*> lent_;
    std::deque<Waiter*> waiting_;  // first is next; while any waits, none is idle
    Stats stats_;
    int to_replace_ = 0;                // broken ones that have no successor yet
    int dialing_ = 0;                   // attempts to connect under way, which count as open
    int failed_ = 0;                    // attempts in a row
    bool resting_ = false;              // between two of them
    bool was_connected_ = false;        // a connection was made since the start
    std::optional<Moment> away_since_;  // the first failure to connect, or silence, since the last success
    std::optional<Failure> trouble_;    // the last of them
    bool over_ = false;
    std::condition_variable wanted_;
    std::vector<std::thread> dialers_;  // made when they are of use
    int idle_dialers_ = 0;

    std::optional<Lookout> lookout_;  // of a server; the first to end
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
