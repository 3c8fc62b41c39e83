#include "edge/proxy/upstream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/pipe_transport.h"
#include "edge/exchange/exchange.h"
#include "net/loopback.h"
#include "net/socket.h"

namespace bodega::edge {
namespace {

constexpr Moment kConnectAgain = 10;  // ms, when the app's backlog is full

// A connected descriptor, or none and errno.
base::Fd connect_unix(const std::string& path) noexcept {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return {};
    }
    std::copy(path.begin(), path.end(), address.sun_path);
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return {};
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        int error = errno;
        fd.reset();
        errno = error;
    }
    return fd;
}

}  // namespace

// Leaves the queue when the one who waits goes, whatever the reason.
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

// One that is counted in open_: given up, whatever the reason, unless a connection took it.
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

UpstreamPool::UpstreamPool(Loop& loop, Blocks& blocks, UpstreamAddress address, Limits limits)
    : loop_(loop), blocks_(blocks), address_(std::move(address)), limits_(limits) {
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
        // Readable while idle: the app closed it, or said something nobody asked for.
        bool stale = limits_.idle != kNever && loop_.now() - connection->idle_since > limits_.idle;
        if (!stale && !connection->stream->readable()) return connection;
        connection.reset();
        --open_;
    }
    return nullptr;
}

UpstreamPool::Acquired UpstreamPool::lend(std::unique_ptr<UpstreamConnection> connection, Waiter& waiter) noexcept {
    connection->stream->notify_to(&waiter);
    connection->pool_ = this;
    if (limits_.slow != kNever) loop_.wheel().arm(*connection, loop_.now() + limits_.slow);
    Acquired acquired{Status::ready, {}};
    acquired.lease = Lease(*this, std::move(connection));
    return acquired;
}

// The server's name has other addresses now.
void UpstreamPool::forget_moved() noexcept {
    if (!address_.server || address_.server->generation() == generation_) return;
    generation_ = address_.server->generation();
    forget_idle();
}

UpstreamPool::Acquired UpstreamPool::acquire_now(Waiter& waiter) {
    if (waiting_ > 0) return {Status::busy, {}};  // they were here first
    forget_moved();
    if (auto connection = take_idle()) return lend(std::move(connection), waiter);
    if (open_ >= most_open() || address_.server) return {Status::busy, {}};
    if (auto connection = connect()) {
        ++open_;
        return lend(std::move(connection), waiter);
    }
    return {errno == EAGAIN ? Status::busy : Status::dead, {}};
}

Task<UpstreamPool::Acquired> UpstreamPool::acquire_later(Waiter& waiter, const Exchange* client) {
    if (waiting_ == 0 && open_ < most_open()) {
        ++open_;
        co_return co_await connect_later(waiter, loop_.now() + limits_.wait);
    }
    if (waiting_ >= limits_.queue) co_return Acquired{Status::busy, {}};
    co_return co_await wait_turn(waiter, client);
}

// nullptr and errno: there is none.
std::unique_ptr<Stream> UpstreamPool::open_stream() {
    if (address_.listener) {
        std::shared_ptr<base::Channel> channel = address_.listener->connect();
        if (channel) return std::make_unique<ChannelStream>(loop_, std::move(channel));
        errno = ECONNREFUSED;
        return nullptr;
    }
    base::Fd fd = connect_unix(address_.socket);
    if (!fd) return nullptr;
    return std::make_unique<Socket>(loop_, std::move(fd), Socket::Writable::on_demand, nullptr);
}

// A socket that is being connected; nullptr: there is no address, or none that can be reached from here.
std::unique_ptr<Stream> UpstreamPool::open_to_server() {
    auto endpoint = address_.server->next_endpoint();
    if (!endpoint) return nullptr;
    const int family = endpoint->address.ss_family;
    base::Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return nullptr;
    const int one = 1;
    if (family != AF_UNIX) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    spare_pacing(fd.get(), endpoint->address);
    int done = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&endpoint->address), endpoint->length);
    if (done != 0 && errno != EINPROGRESS) return nullptr;
    auto writable = family == AF_UNIX ? Socket::Writable::on_demand : Socket::Writable::always;
    auto socket = std::make_unique<Socket>(loop_, std::move(fd), writable, nullptr);
    if (done != 0) socket->await_connection();
    return socket;
}

// Each of its addresses once, until one takes the connection. Requires: a place is counted in open_ for it.
Task<UpstreamPool::Acquired> UpstreamPool::connect_to_server(Waiter& waiter) {
    Place place(*this);
    const Moment deadline = loop_.now() + limits_.connect;
    const std::uint32_t generation = address_.server->generation();
    for (std::size_t left = address_.server->count_endpoints(); left > 0; --left) {
        std::unique_ptr<Stream> stream = open_to_server();
        if (!stream) continue;
        stream->notify_to(&waiter);
        Wake wake = Wake::event;
        while (wake == Wake::event && !stream->writable() && !stream->broken()) wake = co_await waiter.wait(deadline);
        if (wake == Wake::cancelled) co_return Acquired{Status::cancelled, {}};
        if (wake == Wake::deadline) co_return Acquired{Status::slow, {}};
        if (stream->broken()) continue;
        auto connection = std::make_unique<UpstreamConnection>(std::move(stream), blocks_);
        connection->generation = generation;
        place.take();
        co_return lend(std::move(connection), waiter);
    }
    co_return Acquired{Status::dead, {}};
}

// To the app. nullptr and errno: there is none; after EAGAIN, try again a little later.
std::unique_ptr<UpstreamConnection> UpstreamPool::connect() {
    std::unique_ptr<Stream> stream = open_stream();
    if (!stream) return nullptr;
    return std::make_unique<UpstreamConnection>(std::move(stream), blocks_);
}

// Requires: a place is counted in open_ for it.
Task<UpstreamPool::Acquired> UpstreamPool::connect_later(Waiter& waiter, Moment deadline) {
    if (address_.server) co_return co_await connect_to_server(waiter);
    Place place(*this);
    for (;;) {
        auto connection = connect();
        if (connection) {
            place.take();
            co_return lend(std::move(connection), waiter);
        }
        if (errno != EAGAIN) co_return Acquired{Status::dead, {}};
        if (loop_.now() >= deadline) co_return Acquired{Status::busy, {}};
        Wake wake = co_await waiter.wait(loop_.now() + kConnectAgain);
        if (wake == Wake::cancelled) co_return Acquired{Status::cancelled, {}};
    }
}

Task<UpstreamPool::Acquired> UpstreamPool::wait_turn(Waiter& waiter, const Exchange* client) {
    Moment deadline = loop_.now() + limits_.wait;
    Ticket ticket{&waiter, nullptr};
    Queued queued(*this, ticket);
    for (;;) {
        Wake wake = co_await waiter.wait(deadline);
        if (ticket.granted) co_return lend(std::move(ticket.granted), waiter);
        if (ticket.may_connect) co_return co_await connect_later(waiter, deadline);
        if (wake == Wake::cancelled || (client && client->gone())) co_return Acquired{Status::cancelled, {}};
        if (wake == Wake::deadline) co_return Acquired{Status::busy, {}};
    }
}

void UpstreamPool::give_back(std::unique_ptr<UpstreamConnection> connection) noexcept {
    end_use(*connection);
    bool outdated = address_.server && address_.server->generation() != connection->generation;
    if (outdated || open_ > most_open()) {
        connection.reset();
        free_place();
        return;
    }
    connection->reused = true;
    connection->idle_since = loop_.now();
    connection->input.park();
    connection->stream->notify_to(nullptr);
    if (!first_) {
        idle_.push_back(std::move(connection));  // its room was reserved
        return;
    }
    Ticket& ticket = *first_;
    dequeue(ticket);
    ticket.granted = std::move(connection);
    ticket.waiter->notify();
}

// A leased connection was closed.
void UpstreamPool::free_place() noexcept {
    --open_;
    grant_place();
}

// To the first who waits, if there is one to give.
void UpstreamPool::grant_place() noexcept {
    if (!first_ || open_ >= most_open()) return;
    Ticket& ticket = *first_;
    dequeue(ticket);
    ++open_;
    ticket.may_connect = true;
    ticket.waiter->notify();
}

// --- requests that take long

void UpstreamConnection::on_deadline() noexcept { pool_->outgrow(*this); }

void UpstreamPool::outgrow(UpstreamConnection& connection) noexcept {
    if (slow_ >= limits_.slow_most) return;
    connection.slow_ = true;
    ++slow_;
    grant_place();
}

void UpstreamPool::end_use(UpstreamConnection& connection) noexcept {
    if (limits_.slow != kNever) loop_.wheel().arm(connection, kNever);
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
