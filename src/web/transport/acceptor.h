// Accepts connections, and parks each one while it is idle, until its request is whole, or until the client has
// taken the answer. One thread on one epoll does this, however slow the clients are.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/fd.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "web/transport/connection.h"

namespace bodega::web {

// Opens a listening socket: "/run/app.sock" (a stale file is replaced), "127.0.0.1:5000" or "[::1]:5000". Takes one of
// the inherited sockets (may be null) whose address matches. Throws Error{config_invalid} that says what is wrong with
// the address.
base::InheritedSockets::Claimed listen_on(const std::string& address, base::InheritedSockets* inherited);
int port_of(const base::Fd& listener);  // 0 for a unix socket

class Acceptor {
public:
    struct Options {
        config::Duration idle_timeout;
        config::Duration io_timeout;
        int most_parked;
        int most_slow;            // limit of threads that wait for clients that read a long answer slowly
        std::int64_t max_memory;  // bytes of requests that are incomplete or unanswered, and of unsent answers
        Arrival::Planner planner;
    };
    // Takes over a connection whose next request is whole. False: it was refused, and the connection is closed.
    using Admit = std::function<bool(std::unique_ptr<Connection>)>;

    Acceptor(base::Fd listener, Options options, Admit admit);
    ~Acceptor();  // calls stop()

    // Begins to accept. Separate from the constructor, because connections return to the acceptor, so the owner must
    // hold it first.
    void start();
    int listener() const noexcept { return listener_.get(); }  // open until stop()

    // Whether enough of the next request has arrived for a thread to work on it.
    bool is_whole(Connection& connection) const;

    // Stops accepting, and closes connections between two requests. Waits at most `limit` for the requests that are
    // arriving; a request that lies unread in the kernel is one. Answers are still sent, until stop().
    void drain(config::Duration limit);
    // Drains, if that was not done. Waits at most `limit` until clients have taken their answers, then closes what is
    // left. May be called twice.
    void stop(config::Duration limit = config::Duration::zero());

private:
    using Time = base::Steady::time_point;
    enum class Stage : std::uint8_t {
        idle,      // between two requests
        arriving,  // part of a request has arrived
        sending,   // part of an answer is unsent
        ending,    // its last answer is sent; further input is dropped
    };
    struct Parked {
        std::unique_ptr<Connection> connection;
        Stage stage;
        Time since;
        Time moved;                   // when the last byte arrived
        std::size_t transferred = 0;  // bytes sent or dropped in this stage
        bool is_last = false;         // closes once its answer is sent
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
    std::mutex mutex_;
    std::unordered_map<int, Parked> parked_;  // protected by mutex_
    std::size_t checked_out_ =
        0;                   // connections that the acceptor's thread took out and may park again; protected by mutex_
    bool draining_ = false;  // protected by mutex_
    bool stopping_ = false;  // protected by mutex_
    std::condition_variable left_;
    std::thread thread_;
};

}  // namespace bodega::web
