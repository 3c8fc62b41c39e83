// A bounded set of connections to one catalog, and transactions with the retry rules on them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db/connection.h"

namespace bodega::db {

// Where a catalog is and how to sign in to it.
struct Source {
    Dialect dialect = Dialect::sqlite;
    std::string path;                        // SQLite: the file
    std::string host, user, password, name;  // MySQL; host may be a unix socket's path ("/…")
    int port = 3306;
    std::string ssl_ca;  // PEM; given: TLS and verification of the server are required
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds query_timeout{30000};

    // "sqlite:PATH" or "mysql://USER@HOST[:PORT]/NAME" (percent-encoding; no password). Throws Error{config_invalid}.
    static Source parse(std::string_view url);
};

// Opens one connection. Throws Error{unavailable} if the server can't be reached, Error{config_invalid}
// for what no retry mends (a refused password, an unknown database, SQLite on a network file system).
std::unique_ptr<Connection> connect(const Source& source);

// Thread-safe. Connections are made on demand, at most `size`; a caller waits at most `wait` for a
// free one, then Error{unavailable, …, retry_after 1}.
class Pool {
public:
    struct Options {
        int size = 16;
        std::chrono::milliseconds wait{5000};
    };
    struct Stats {
        int open = 0, busy = 0, waiting = 0;
        std::uint64_t timeouts = 0, reconnects = 0;
    };

    Pool(Source source, Options options);
    ~Pool();

    // A connection on loan: given back at the lease's end, thrown away if broken.
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

    // Runs `work` on one connection outside a transaction, for reads of one statement; a connection that
    // broke before the first row is replaced once and the work run again.
    template <class Work>
    auto read(Work work) -> decltype(work(std::declval<Connection&>()));

    // Runs `work` in a transaction and commits. Deadlocks and lock waits (MySQL 1213, 1205; SQLITE_BUSY)
    // roll back and run it again, a lost connection too, with backoff and jitter, within a bounded number
    // of tries; so `work` must have no effect but on the connection and on what it assigns anew.
    // `happened`: asked on a new connection when the answer to COMMIT was lost; true if the transaction's
    // effect is there (look for a row by the id made before). Without it such a loss is Error{unavailable}.
    using Happened = std::function<bool(Connection&)>;
    template <class Work>
    auto transact(Work work, Happened happened = nullptr) -> decltype(work(std::declval<Connection&>()));

    Dialect dialect() const noexcept { return source_.dialect; }
    const Source& source() const noexcept { return source_; }
    Stats stats() const;

private:
    void give_back(std::unique_ptr<Connection> connection) noexcept;
    void run_read(const std::function<void(Connection&)>& work);
    void run_transaction(const std::function<void(Connection&)>& work, const Happened& happened);

    const Source source_;
    const Options options_;

    mutable std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;  // protected by mutex_
    Stats stats_;                                    // protected by mutex_
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
