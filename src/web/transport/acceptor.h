// Accepts connections. Parks each one while it is idle, while its request is incomplete, and while the client is
// receiving the answer. One thread on one epoll does this, so slow clients hold no threads.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>

#include "base/fd.h"
#include "base/inherited_sockets.h"
#include "base/mutex.h"
#include "config/config.h"
#include "web/transport/connection.h"

namespace bodega::web {

// Opens a listening socket at "/run/app.sock" (replaces a stale file), "127.0.0.1:5000" or "[::1]:5000". Uses an
// inherited socket if its address matches; `inherited` may be null. Throws Error{config_invalid} that says what is
// wrong with the address.
base::InheritedSockets::Claimed listen_on(const std::string& address, base::InheritedSockets* inherited);
int port_of(const base::Fd& listener);  // 0 for a unix socket

class Acceptor {
public:
    struct Options {
        Timeouts timeouts;
        config::Duration idle_timeout;
        // Lowest average rate of a body or an answer in bytes per second, enforced after timeouts.body.
        std::int64_t min_rate;
        int max_parked;
        int max_slow;             // the most threads that wait for clients that read a long answer slowly
        std::int64_t max_memory;  // the most bytes of incomplete and unanswered requests and of unsent answers
        Arrival::Planner planner;
    };
    // Takes over a connection whose next request has arrived. Returns false if it refused and closed the connection.
    using Admit = std::function<bool(std::unique_ptr<Connection>)>;

    Acceptor(base::Fd listener, Options options, Admit admit);
    ~Acceptor();  // calls stop()

    // Starts to accept connections. The constructor does not: the threads that work on connections use the acceptor
    // through its owner, which has to store the acceptor first.
    void start();
    int listener() const noexcept { return listener_.get(); }  // open until stop()

    // True if enough of the next request has arrived for a thread to work on it.
    bool is_whole(Connection& connection) const;

    // Stops accepting, and closes idle connections. Waits at most `limit` for requests that have begun to arrive, even
    // if their first bytes are still in the kernel's buffer. Answers are still sent until stop().
    void drain(config::Duration limit);
    // Drains if drain() was not called. Waits at most `limit` until clients have received their answers, then closes
    // all connections. May be called twice.
    void stop(config::Duration limit = config::Duration::zero());

private:
    using Time = base::Steady::time_point;
    enum class Stage : std::uint8_t {
        idle,      // between two requests
        arriving,  // part of a request has arrived
        sending,   // a part of the answer is unsent
        ending,    // the last answer is sent, and further input is dropped
    };
    struct Parked {
        std::unique_ptr<Connection> connection;
        Stage stage;
        Time since;
        Time moved;                   // time of the last byte that arrived or was sent
        std::size_t transferred = 0;  // bytes that were sent or dropped in this stage
        bool is_last = false;         // true if the connection closes after this answer
    };

    void run();
    void accept_one();
    void park(int fd, Parked parked);
    void park_idle(int fd, std::unique_ptr<Connection> connection);
    void park_sending(int fd, std::unique_ptr<Connection> connection, bool is_last);
    void send_on(int fd, Parked parked);
    void end(int fd, std::unique_ptr<Connection> connection);
    void resume(int fd);
    void advance(int fd, Parked parked);
    bool drop_input(Parked& parked) const;
    void admit(std::unique_ptr<Connection> connection);
    void refuse(int fd, std::unique_ptr<Connection> connection);
    void close_overdue();
    bool is_overdue(const Parked& parked, Time now) const;
    int wait_limit();

    base::Fd listener_;
    const Options options_;
    const Admit admit_;
    const std::shared_ptr<MemoryBudget> budget_;
    const std::shared_ptr<SendSlots> slots_;
    base::Fd epoll_, wake_;
    base::Mutex mutex_;
    std::unordered_map<int, Parked> parked_ GUARDED_BY(mutex_);
    // Connections that the acceptor's thread has removed from parked_ and may park again.
    std::size_t checked_out_ GUARDED_BY(mutex_) = 0;
    bool draining_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    base::Condition left_;
    std::thread thread_;
};

}  // namespace bodega::web
