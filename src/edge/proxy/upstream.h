// Connections to one server, the app or another, kept alive and bounded; one pool a loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/duplex_pipe.h"
#include "net/buffer.h"
#include "net/loop.h"
#include "net/transport.h"
#include "net/task.h"
#include "edge/proxy/upstream_server.h"
#include "net/wakeup.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

class Exchange;

class UpstreamPool;

struct UpstreamConnection final : private Wheel::Entry {
    UpstreamConnection(std::unique_ptr<Stream> made, Blocks& blocks) : stream(std::move(made)), input(blocks) {}

    const std::unique_ptr<Stream> stream;
    Buffer input;
    Moment idle_since = 0;         // while it is kept
    bool reused = false;           // it has served a request before: the app may have closed it meanwhile
    std::uint32_t generation = 0;  // of the server's addresses when it was made

private:
    friend class UpstreamPool;
    void on_deadline() noexcept override;  // the request on it takes long

    UpstreamPool* pool_ = nullptr;
    bool slow_ = false;
};

// Where it is: one of these.
struct UpstreamAddress {
    std::string socket;                               // path of the app's unix socket
    std::shared_ptr<base::ChannelListener> listener;  // where the app is in this process; goes before the socket
    UpstreamServer* server = nullptr;                 // a configured one; goes before both. Outlives the pool
};

class UpstreamPool {
public:
    struct Limits {
        std::size_t connections = 32;
        std::size_t queue = 1024;  // waiters at most
        Moment wait = 5000;        // ms for a free one
        Moment connect = 5000;     // ms for a new one to be made
        Moment idle = kNever;      // ms after which a kept one is not used again
        // A request that takes longer (ms) does not count any more: the next one goes beside it. So may `slow_most`.
        Moment slow = kNever;
        std::size_t slow_most = 0;
    };

    UpstreamPool(Loop& loop, Blocks& blocks, UpstreamAddress address, Limits limits);
    ~UpstreamPool();  // Requires: no lease and no waiter
    UpstreamPool(const UpstreamPool&) = delete;
    UpstreamPool& operator=(const UpstreamPool&) = delete;

    void limit_to(const Limits& limits);  // those that are open stay

    // The right to one connection; gives it back, or only its place, when destroyed.
    class Lease {
    public:
        Lease() noexcept = default;
        Lease(UpstreamPool& pool, std::unique_ptr<UpstreamConnection> connection) noexcept
            : pool_(&pool), connection_(std::move(connection)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&& other) noexcept;
        ~Lease() { drop(); }

        explicit operator bool() const noexcept { return connection_ != nullptr; }
        UpstreamConnection* operator->() const noexcept { return connection_.get(); }
        UpstreamConnection& operator*() const noexcept { return *connection_; }
        void keep() noexcept;  // back to the pool, for the next request. Requires: nothing of a message is unread
        void drop() noexcept;  // closes it

    private:
        UpstreamPool* pool_ = nullptr;
        std::unique_ptr<UpstreamConnection> connection_;
    };

    enum class Status : std::uint8_t {
        ready,
        busy,       // none became free in time, or too many wait already: 503
        dead,       // nobody listens: 502
        slow,       // no connection was made in time: 504
        cancelled,  // the waiter was, or the client left
    };
    struct Acquired {
        Status status;
        Lease lease;
    };

    // A kept connection or a new one, whose socket notifies `waiter`; busy: use acquire_later.
    Acquired acquire_now(Waiter& waiter);
    // The next one that becomes free. client: whose end ends the wait as well; null: nobody's.
    Task<Acquired> acquire_later(Waiter& waiter, const Exchange* client = nullptr);

    // Closes the kept ones: one of them turned out to be dead, so the app was probably started anew.
    void forget_idle() noexcept;

private:
    friend struct UpstreamConnection;
    struct Ticket {  // of one who waits
        Waiter* waiter;
        std::unique_ptr<UpstreamConnection> granted;
        bool may_connect = false;  // a place became free
        Ticket* previous = nullptr;
        Ticket* next = nullptr;
        bool queued = false;
    };
    class Queued;
    class Place;

    std::unique_ptr<UpstreamConnection> take_idle() noexcept;
    void forget_moved() noexcept;
    std::unique_ptr<Stream> open_stream();
    std::unique_ptr<Stream> open_to_server();
    std::unique_ptr<UpstreamConnection> connect();
    Task<Acquired> connect_later(Waiter& waiter, Moment deadline);
    Task<Acquired> connect_to_server(Waiter& waiter);
    Task<Acquired> wait_turn(Waiter& waiter, const Exchange* client);
    Acquired lend(std::unique_ptr<UpstreamConnection> connection, Waiter& waiter) noexcept;
    void give_back(std::unique_ptr<UpstreamConnection> connection) noexcept;
    void free_place() noexcept;
    void grant_place() noexcept;
    void outgrow(UpstreamConnection& connection) noexcept;
    void end_use(UpstreamConnection& connection) noexcept;
    std::size_t most_open() const noexcept { return limits_.connections + slow_; }
    void enqueue(Ticket& ticket) noexcept;
    void dequeue(Ticket& ticket) noexcept;

    Loop& loop_;
    Blocks& blocks_;
    const UpstreamAddress address_;
    Limits limits_;
    std::vector<std::unique_ptr<UpstreamConnection>> idle_;  // the last one used is at the end
    std::uint32_t generation_ = 0;                           // of the server's addresses
    std::size_t open_ = 0;                                   // leased, idle and being made
    std::size_t slow_ = 0;                                   // leased ones that don't count
    Ticket* first_ = nullptr;
    Ticket* last_ = nullptr;
    std::size_t waiting_ = 0;
};

}  // namespace bodega::edge
