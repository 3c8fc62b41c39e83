// Where connections come in, where they wait between requests, where a request waits until it is whole and an answer
// until its client has taken it: one thread on one epoll, whatever their clients do.
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

// A bound, listening socket: "/run/app.sock" (a stale file is replaced) or "127.0.0.1:5000", "[::1]:5000". One of the
// inherited (may be null) where its address fits.
// Throws Error{config_invalid} that says what is wrong with the address.
base::InheritedSockets::Claimed listen_on(const std::string& address, base::InheritedSockets* inherited);
int port_of(const base::Fd& listener);  // 0 for a unix socket

class Gate {
public:
    struct Options {
        config::Duration idle_timeout;
        config::Duration io_timeout;
        int most_parked;
        int most_slow;            // threads that wait for clients who read a long answer slowly
        std::int64_t max_memory;  // bytes of requests that are not whole or not answered, and of answers not sent
        Arrival::Planner planner;
    };
    // Takes over a connection whose next request is whole; false: it is closed.
    using Admit = std::function<bool(std::unique_ptr<Connection>)>;

    Gate(base::Fd listener, Options options, Admit admit);
    ~Gate();  // stops

    // Begins to accept. Apart from the constructor, since connections come back to a gate that has to be there.
    void start();
    int listener() const noexcept { return listener_.get(); }  // open until stop()

    // Whether a thread may work on what has come of the next request.
    bool is_whole(Connection& connection) const;

    // Accepts no more, closes what is idle, and what is on its way after `limit`. Harmless twice.
    void stop(config::Duration limit = config::Duration::zero());

private:
    using Time = base::Steady::time_point;
    enum class Stage : std::uint8_t {
        idle,      // between two requests
        arriving,  // a request is not whole
        sending,   // an answer is not sent
        ending,    // its last answer is sent: what the client still sends is dropped
    };
    struct Parked {
        std::unique_ptr<Connection> connection;
        Stage stage;
        Time since;
        Time moved;             // the last byte came
        std::size_t taken = 0;  // bytes since then
        bool is_last = false;   // ends once its answer is sent
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
    std::size_t in_hand_ = 0;                 // taken out, to be parked again perhaps; protected by mutex_
    bool draining_ = false;                   // protected by mutex_
    bool stopping_ = false;                   // protected by mutex_
    std::condition_variable left_;
    std::thread thread_;
};

}  // namespace bodega::web
