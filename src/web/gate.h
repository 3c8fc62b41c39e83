// Where connections come in, and where they wait between requests: one thread on one epoll.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/fd.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "web/connection.h"

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
    };
    // Takes over a connection that is new or has something to say; false: it is closed.
    using Admit = std::function<bool(std::unique_ptr<Connection>)>;

    Gate(base::Fd listener, Options options, Admit admit);
    ~Gate();  // stops

    // Begins to accept. Apart from the constructor, since connections come back to a gate that has to be there.
    void start();
    int listener() const noexcept { return listener_.get(); }  // open until stop()

    // Accepts no more and closes what is parked. Harmless twice.
    void stop();

private:
    void run();
    void accept_one();
    void park(int fd, std::unique_ptr<Connection> connection, bool registered);
    void resume(int fd);
    void close_idle();
    int wait_limit();

    base::Fd listener_;
    const Options options_;
    const Admit admit_;
    base::Fd epoll_, wake_;
    std::mutex mutex_;
    struct Parked {
        std::unique_ptr<Connection> connection;
        base::Steady::time_point since;
    };
    std::unordered_map<int, Parked> parked_;  // protected by mutex_
    bool stopping_ = false;                   // protected by mutex_
    std::thread thread_;
};

}  // namespace bodega::web
