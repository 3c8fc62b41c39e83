// Accepts connections for one loop, and rejects those that exceed a limit.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/fd.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/loop_context.h"
#include "net/listener.h"
#include "net/loop.h"

namespace bodega::edge {

class Acceptor {
public:
    Acceptor(LoopContext& context, ConnectionCount& count) noexcept;
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    // Starts to accept from a listener that all loops share. For each connection the kernel wakes one loop
    // (EPOLLEXCLUSIVE). Requires: the descriptor stays open until leave() or stop().
    void listen(const net::Listener& listener);
    // leave() stops accepting from one listener, stop() from all. With Backlog::take they also accept the connections
    // that already wait in the kernel's queue, since closing the listening socket would reset them.
    enum class Backlog : bool { leave, take };
    void leave(int listener, Backlog backlog) noexcept;
    void stop(Backlog backlog) noexcept;

private:
    class ListenerSocket;

    enum class Taken : std::uint8_t { one, none, no_descriptor };

    void close(ListenerSocket& socket, Backlog backlog) noexcept;
    Taken accept_one(const ListenerSocket& socket) noexcept;
    void admit(base::Fd fd, const sockaddr_storage& peer, const net::ListenOptions& options);
    void reject(base::Fd fd, const net::ListenOptions& options, ConnectionCount::Verdict verdict) noexcept;

    LoopContext& context_;
    ConnectionCount& count_;
    std::vector<std::unique_ptr<ListenerSocket>> sockets_;
};

}  // namespace bodega::edge
