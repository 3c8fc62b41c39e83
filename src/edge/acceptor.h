// Takes connections off the listeners for one loop, within the limits.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/fd.h"
#include "edge/exchange/connection_count.h"
#include "net/listener.h"
#include "net/loop.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Acceptor {
public:
    Acceptor(Worker& worker, ConnectionCount& count) noexcept;
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    // Shares the listener with the other loops: the kernel wakes one of them a connection (EPOLLEXCLUSIVE).
    // Its descriptor outlives its place here.
    void listen(const Listener& listener);
    // Lets go of a listener, or of all. backlog: first takes what waits there, which closing it would reset.
    enum class Backlog : bool { leave, take };
    void leave(int listener, Backlog backlog) noexcept;
    void stop(Backlog backlog) noexcept;

private:
    class Door;

    enum class Taken : std::uint8_t { one, none, no_descriptor };

    void close(Door& door, Backlog backlog) noexcept;
    Taken accept_one(const Door& door) noexcept;
    void admit(base::Fd fd, const sockaddr_storage& peer, const Manner& manner);
    void turn_away(base::Fd fd, const Manner& manner, ConnectionCount::Verdict verdict) noexcept;

    Worker& worker_;
    ConnectionCount& count_;
    std::vector<std::unique_ptr<Door>> doors_;
};

}  // namespace bodega::edge
