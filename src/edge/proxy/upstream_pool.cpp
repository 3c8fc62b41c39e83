#include "edge/proxy/upstream_pool.h"

#include <utility>

#include "edge/exchange/exchange.h"

namespace bodega::edge {
namespace {

constexpr net::Moment kConnectAgain = 10;  // ms between two attempts while the backlog is full

}  // namespace

// Puts a ticket into the queue. The destructor removes it, so it never outlives the waiting coroutine.
class UpstreamPool::Queued {
public:
    Queued(UpstreamPool& pool, Ticket& ticket) noexcept : pool_(pool), ticket_(ticket) { pool_.enqueue(ticket_); }
    Queued(const Queued&) = delete;
    Queued& operator=(const Queued&) = delete;
    ~Queued() {
        if (ticket_.queued) pool_.dequeue(ticket_);
    }

private:
    UpstreamPool& pool_;
    Ticket& ticket_;
};

// Reserves one place for a connection in open_. The destructor frees the place if take() was not called.
class UpstreamPool::Place {
public:
    explicit Place(UpstreamPool& pool) noexcept : pool_(pool) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        if (!taken_) pool_.free_place();
    }
    void take() noexcept { taken_ = true; }

private:
    UpstreamPool& pool_;
    bool taken_ = false;
};

UpstreamPool::Lease& UpstreamPool::Lease::operator=(Lease&& other) noexcept {
    if (this == &other) return *this;
    drop();
    pool_ = other.pool_;
    connection_ = std::move(other.connection_);
    return *this;
}

void UpstreamPool::Lease::keep() noexcept {
    if (connection_) pool_->give_back(std::move(connection_));
}

void UpstreamPool::Lease::drop() noexcept {
    if (!connection_) return;
    pool_->end_use(*connection_);
    connection_.reset();
    pool_->free_place();
}

UpstreamPool::UpstreamPool(net::Loop& loop, net::BufferPool& buffer_pool, UpstreamAddress address, Limits limits)
    : loop_(loop), buffer_pool_(buffer_pool), address_(std::move(address)), limits_(limits) {
    idle_.reserve(limits_.connections);
}

UpstreamPool::~UpstreamPool() = default;

void UpstreamPool::limit_to(const Limits& limits) {
    idle_.reserve(limits.connections);
    limits_ = limits;
}

std::unique_ptr<UpstreamConnection> UpstreamPool::take_idle() noexcept {
    while (!idle_.empty()) {
        std::unique_ptr<UpstreamConnection> connection = std::move(idle_.back());
        idle_.pop_back();
        // A readable idle connection can't be used: the server has closed it, or has sent bytes without a request.
        bool stale = limits_.idle != net::kNever && loop_.now() - connection->idle_since > limits_.idle;
        if (!stale && !connection->transport->readable()) return connection;
        connection.reset();
        --open_;
    }
    return nullptr;
}

UpstreamPool::Acquired UpstreamPool::lend(std::unique_ptr<UpstreamConnection> connection,
                                          net::Wakeup& wakeup) noexcept {
    connection->transport->notify_to(&wakeup);
    connection->pool_ = this;
    if (limits_.slow != net::kNever) loop_.timers().arm(*connection, loop_.now() + limits_.slow);
    return Lease(*this, std::move(connection));
}

// Closes the idle connections if the server's name has other addresses now.
void UpstreamPool::drop_outdated() noexcept {
    const std::uint32_t generation = address_.generation();
    if (generation == generation_) return;
    generation_ = generation;
    forget_idle();
}

UpstreamPool::Acquired UpstreamPool::acquire_now(net::Wakeup& wakeup) {
    if (waiting_ > 0) return Unavailable::busy;  // earlier requests are already waiting
    drop_outdated();
    if (auto connection = take_idle()) return lend(std::move(connection), wakeup);
    if (open_ >= max_open() || !address_.connects_at_once()) return Unavailable::busy;
    return connect_now(wakeup);
}

net::Task<UpstreamPool::Acquired> UpstreamPool::acquire_later(net::Wakeup& wakeup, const Exchange* client) {
    if (waiting_ == 0 && open_ < max_open()) {
        ++open_;
        co_return co_await connect_later(wakeup, loop_.now() + limits_.wait);
    }
    if (waiting_ >= limits_.queue) co_return Unavailable::busy;
    co_return co_await wait_turn(wakeup, client);
}

UpstreamPool::Acquired UpstreamPool::lend_new(std::unique_ptr<net::Transport> transport, std::uint32_t generation,
                                              net::Wakeup& wakeup) {
    auto connection = std::make_unique<UpstreamConnection>(std::move(transport), buffer_pool_);
    connection->generation = generation;
    return lend(std::move(connection), wakeup);
}

// Opens a connection without waiting. Requires: address_.connects_at_once(), and open_ < max_open().
UpstreamPool::Acquired UpstreamPool::connect_now(net::Wakeup& wakeup) {
    UpstreamAddress::Opened opened = address_.open(loop_);
    if (opened.failed_with(UpstreamAddress::Failure::full)) return Unavailable::busy;
    if (!opened) return Unavailable::dead;
    Acquired acquired = lend_new(std::move(*opened), generation_, wakeup);
    ++open_;
    return acquired;
}

// Tries each endpoint of the address once, until one accepts the connection. If a backlog is full, tries again until
// `deadline`. Requires: open_ already counts the place for the connection.
net::Task<UpstreamPool::Acquired> UpstreamPool::connect_later(net::Wakeup& wakeup, net::Moment deadline) {
    Place place(*this);
    const net::Moment connected_by = loop_.now() + limits_.connect;
    const std::uint32_t generation = address_.generation();
    std::size_t left = address_.count();
    while (left > 0) {
        UpstreamAddress::Opened opened = address_.open(loop_);
        if (opened.failed_with(UpstreamAddress::Failure::full)) {
            if (loop_.now() >= deadline) co_return Unavailable::busy;
            net::Wake wake = co_await wakeup.wait(loop_.now() + kConnectAgain);
            if (wake == net::Wake::cancelled) co_return Unavailable::cancelled;
            continue;
        }
        --left;
        if (!opened) continue;
        std::unique_ptr<net::Transport> transport = std::move(*opened);
        transport->notify_to(&wakeup);
        net::Wake wake = net::Wake::event;
        while (wake == net::Wake::event && !transport->writable() && !transport->broken())
            wake = co_await wakeup.wait(connected_by);
        if (wake == net::Wake::cancelled) co_return Unavailable::cancelled;
        if (wake == net::Wake::deadline) co_return Unavailable::slow;
        if (transport->broken()) continue;
        Acquired acquired = lend_new(std::move(transport), generation, wakeup);
        place.take();
        co_return acquired;
    }
    co_return Unavailable::dead;
}

net::Task<UpstreamPool::Acquired> UpstreamPool::wait_turn(net::Wakeup& wakeup, const Exchange* client) {
    net::Moment deadline = loop_.now() + limits_.wait;
    Ticket ticket{&wakeup, nullptr};
    Queued queued(*this, ticket);
    for (;;) {
        net::Wake wake = co_await wakeup.wait(deadline);
        if (ticket.granted) co_return lend(std::move(ticket.granted), wakeup);
        if (ticket.may_connect) co_return co_await connect_later(wakeup, deadline);
        if (wake == net::Wake::cancelled || (client && client->gone())) co_return Unavailable::cancelled;
        if (wake == net::Wake::deadline) co_return Unavailable::busy;
    }
}

void UpstreamPool::give_back(std::unique_ptr<UpstreamConnection> connection) noexcept {
    end_use(*connection);
    bool outdated = address_.generation() != connection->generation;
    if (outdated || open_ > max_open()) {
        connection.reset();
        free_place();
        return;
    }
    connection->reused = true;
    connection->idle_since = loop_.now();
    connection->input.park();
    connection->transport->notify_to(nullptr);
    if (!first_) {
        idle_.push_back(std::move(connection));  // does not allocate, since the vector has reserved the room
        return;
    }
    Ticket& ticket = *first_;
    dequeue(ticket);
    ticket.granted = std::move(connection);
    ticket.wakeup->notify();
}

// Frees the place of a connection that was closed, and gives it to the first waiting request.
void UpstreamPool::free_place() noexcept {
    --open_;
    grant_place();
}

// Gives a free place to the first waiting request. Does nothing if there is no free place.
void UpstreamPool::grant_place() noexcept {
    if (!first_ || open_ >= max_open()) return;
    Ticket& ticket = *first_;
    dequeue(ticket);
    ++open_;
    ticket.may_connect = true;
    ticket.wakeup->notify();
}

// --- slow requests

void UpstreamConnection::on_deadline() noexcept { pool_->mark_slow(*this); }

void UpstreamPool::mark_slow(UpstreamConnection& connection) noexcept {
    if (slow_ >= limits_.slow_most) return;
    connection.slow_ = true;
    ++slow_;
    grant_place();
}

void UpstreamPool::end_use(UpstreamConnection& connection) noexcept {
    if (limits_.slow != net::kNever) loop_.timers().arm(connection, net::kNever);
    if (std::exchange(connection.slow_, false)) --slow_;
}

void UpstreamPool::forget_idle() noexcept {
    open_ -= idle_.size();
    idle_.clear();
}

void UpstreamPool::enqueue(Ticket& ticket) noexcept {
    ticket.queued = true;
    ticket.previous = last_;
    (last_ ? last_->next : first_) = &ticket;
    last_ = &ticket;
    ++waiting_;
}

void UpstreamPool::dequeue(Ticket& ticket) noexcept {
    ticket.queued = false;
    (ticket.previous ? ticket.previous->next : first_) = ticket.next;
    (ticket.next ? ticket.next->previous : last_) = ticket.previous;
    --waiting_;
}

}  // namespace bodega::edge
