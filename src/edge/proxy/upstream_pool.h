// A pool of connections to one server, which may be the app. Keeps connections alive and limits their number. There is
// one pool for each loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "edge/proxy/upstream_address.h"
#include "net/buffer.h"
#include "net/loop.h"
#include "net/task.h"
#include "net/timer_wheel.h"
#include "net/transport.h"
#include "net/wakeup.h"

namespace bodega::edge {

class Exchange;

class UpstreamPool;

struct UpstreamConnection final : private net::TimerWheel::Entry {
    UpstreamConnection(std::unique_ptr<net::Transport> made, net::BufferPool& buffer_pool)
        : transport(std::move(made)), input(buffer_pool) {}

    const std::unique_ptr<net::Transport> transport;
    net::Buffer input;
    net::Moment idle_since = 0;    // time at which the last request on the connection ended
    bool reused = false;           // true if it has served a request; the server may have closed it since then
    std::uint32_t generation = 0;  // UpstreamAddress::generation() when the connection was opened

private:
    friend class UpstreamPool;
    void on_deadline() noexcept override;  // called when a request has taken longer than Limits::slow

    UpstreamPool* pool_ = nullptr;
    bool slow_ = false;
};

class UpstreamPool {
public:
    struct Limits {
        std::size_t connections = 32;
        std::size_t queue = 1024;        // maximum number of waiting requests
        net::Moment wait = 5000;         // ms to wait for a free connection
        net::Moment connect = 5000;      // ms to open a connection
        net::Moment idle = net::kNever;  // ms after which an idle connection is not used again
        // A request that takes longer than this (ms) no longer counts as one of `connections`, so that another request
        // can start. At most `slow_most` requests are exempt in this way.
        net::Moment slow = net::kNever;
        std::size_t slow_most = 0;
    };

    UpstreamPool(net::Loop& loop, net::BufferPool& buffer_pool, UpstreamAddress address, Limits limits);
    ~UpstreamPool();  // requires: there is no lease and no waiting request
    UpstreamPool(const UpstreamPool&) = delete;
    UpstreamPool& operator=(const UpstreamPool&) = delete;

    void limit_to(const Limits& limits);  // open connections stay open, even if they exceed the new limits

    // The right to use one connection. The destructor closes the connection unless keep() was called.
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
        // Returns the connection to the pool for the next request. Requires: all messages on it were read completely.
        void keep() noexcept;
        void drop() noexcept;  // closes the connection

    private:
        UpstreamPool* pool_ = nullptr;
        std::unique_ptr<UpstreamConnection> connection_;
    };

    enum class Unavailable : std::uint8_t {
        busy,       // no connection became free in time, or too many requests wait: answer 503
        dead,       // the server refused the connection: answer 502
        slow,       // the server did not accept the connection in time: answer 504
        cancelled,  // the wakeup was cancelled, or the client left
    };
    using Acquired = base::Result<Lease, Unavailable>;

    // Returns an idle connection or a new one. Its transport notifies `wakeup`. If the result is `busy`, call
    // acquire_later().
    Acquired acquire_now(net::Wakeup& wakeup);
    // Waits until a connection becomes free. client: if not null, the wait also ends when this client leaves.
    net::Task<Acquired> acquire_later(net::Wakeup& wakeup, const Exchange* client = nullptr);

    // Closes all idle connections. Called when the server had closed one of them: it has probably restarted.
    void forget_idle() noexcept;

private:
    friend struct UpstreamConnection;
    // One waiting request.
    struct Ticket {
        net::Wakeup* wakeup;
        std::unique_ptr<UpstreamConnection> granted;
        bool may_connect = false;  // true if open_ counts a place for the request, so that it may connect
        Ticket* previous = nullptr;
        Ticket* next = nullptr;
        bool queued = false;
    };
    class Queued;
    class Place;

    std::unique_ptr<UpstreamConnection> take_idle() noexcept;
    void drop_outdated() noexcept;
    Acquired connect_now(net::Wakeup& wakeup);
    net::Task<Acquired> connect_later(net::Wakeup& wakeup, net::Moment deadline);
    Acquired lend_new(std::unique_ptr<net::Transport> transport, std::uint32_t generation, net::Wakeup& wakeup);
    net::Task<Acquired> wait_turn(net::Wakeup& wakeup, const Exchange* client);
    Acquired lend(std::unique_ptr<UpstreamConnection> connection, net::Wakeup& wakeup) noexcept;
    void give_back(std::unique_ptr<UpstreamConnection> connection) noexcept;
    void free_place() noexcept;
    void grant_place() noexcept;
    void mark_slow(UpstreamConnection& connection) noexcept;
    void end_use(UpstreamConnection& connection) noexcept;
    std::size_t max_open() const noexcept { return limits_.connections + slow_; }
    void enqueue(Ticket& ticket) noexcept;
    void dequeue(Ticket& ticket) noexcept;

    net::Loop& loop_;
    net::BufferPool& buffer_pool_;
    const UpstreamAddress address_;
    Limits limits_;
    std::vector<std::unique_ptr<UpstreamConnection>> idle_;  // the most recently used connection is last
    std::uint32_t generation_ = 0;                           // UpstreamAddress::generation() of the idle connections
    std::size_t open_ = 0;                                   // number of leased, idle and connecting connections
    std::size_t slow_ = 0;  // leased connections that do not count as `connections`, see Limits::slow
    Ticket* first_ = nullptr;
    Ticket* last_ = nullptr;
    std::size_t waiting_ = 0;
};

}  // namespace bodega::edge
