#include "web/transport/acceptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace bodega::web {
namespace {

constexpr int kCheckPeriodMs = 1000;
constexpr int kReadsATurn = 4;
constexpr std::chrono::seconds kEndTime{2};
// The most bytes that are dropped after the last answer. NGINX sends as much of the body as it can before it reads the
// answer, so this many bytes may still arrive.
constexpr std::size_t kEndBytes = 64 << 20;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 2\r\n"
    "Cache-Control: no-store\r\nContent-Length: 140\r\nConnection: close\r\n\r\n"
    R"({"type":"about:blank","title":"Unavailable for now","status":503,"code":"unavailable","detail":"The server is busy. Try again in a moment."})";

void watch(int epoll, int operation, int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll, operation, fd, &event) != 0) throw base::system_error("watch a connection", errno);
}

std::string numeric_address(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET)
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(), text.size());
    if (address.ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text.data(), text.size());
    return text.data();
}

// True if the kernel has received bytes that were not read yet.
bool has_unread(int fd) noexcept {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

// Sends a 100 (Continue) to a client that waits for it before sending the body.
void answer_expectation(Connection& connection) {
    if (!connection.arrival().in_head() && connection.arrival().take_expectation()) connection.send_now(kContinue);
}

}  // namespace

Acceptor::Acceptor(base::Fd listener, Options options, Admit admit)
    : listener_(std::move(listener)),
      options_(std::move(options)),
      admit_(std::move(admit)),
      budget_(std::make_shared<MemoryBudget>(options_.max_memory)),
      slots_(std::make_shared<SendSlots>(options_.max_slow)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    watch(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), EPOLLIN);
    watch(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN);
}

Acceptor::~Acceptor() { stop(); }

void Acceptor::start() {
    thread_ = std::thread([this] { run(); });
}

// Parks a connection until it has input, closes or is overdue. May be called on any thread.
void Acceptor::park(int fd, Parked parked) {
    const base::MutexLock lock(mutex_);
    if (stopping_ || (draining_ && parked.stage == Stage::idle)) return;
    if (parked_.size() >= static_cast<std::size_t>(options_.max_parked)) return;
    bool first = parked_.empty();
    bool known = std::exchange(parked.connection->is_watched, true);
    const std::uint32_t events = parked.stage == Stage::sending ? EPOLLOUT : EPOLLIN | EPOLLRDHUP;
    parked_[fd] = std::move(parked);
    watch(epoll_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, events | EPOLLONESHOT);
    if (first) ::eventfd_write(wake_.get(), 1);  // the acceptor's thread may be waiting without a time limit
}

// Parks a connection that a thread returns. At most a part of the next request has arrived.
void Acceptor::park_idle(int fd, std::unique_ptr<Connection> connection) {
    if (connection->has_output()) return park_sending(fd, std::move(connection), false);
    const Stage stage = connection->has_input() ? Stage::arriving : Stage::idle;
    if (stage == Stage::idle) connection->release_buffers();
    else answer_expectation(*connection);
    Time now = base::Steady::now();
    park(fd, {std::move(connection), stage, now, now});
}

void Acceptor::park_sending(int fd, std::unique_ptr<Connection> connection, bool is_last) {
    Time now = base::Steady::now();
    park(fd, {std::move(connection), Stage::sending, now, now, 0, is_last});
}

// Sends more of the answer. Called when the socket accepts more bytes or when the client has closed it.
void Acceptor::send_on(int fd, Parked parked) {
    Connection& connection = *parked.connection;
    const std::size_t before = connection.unsent();
    if (!connection.flush()) return;
    if (connection.has_output()) {
        parked.transferred += before - connection.unsent();
        if (connection.unsent() < before) parked.moved = base::Steady::now();
        return park(fd, std::move(parked));
    }
    if (parked.is_last) return end(fd, std::move(parked.connection));
    if (connection.has_input() && is_whole(connection)) return admit(std::move(parked.connection));
    park_idle(fd, std::move(parked.connection));
}

void Acceptor::end(int fd, std::unique_ptr<Connection> connection) {
    if (!connection->flush()) return;
    if (connection->has_output()) return park_sending(fd, std::move(connection), true);
    connection->end_answers();
    connection->release_buffers();
    Time now = base::Steady::now();
    park(fd, {std::move(connection), Stage::ending, now, now});
}

void Acceptor::drain(config::Duration limit) {
    const base::MutexLock lock(mutex_);
    if (!std::exchange(draining_, true)) {
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.get(), nullptr);
        std::erase_if(parked_,
                      [](const auto& item) { return item.second.stage == Stage::idle && !has_unread(item.first); });
    }
    left_.wait_for(mutex_, limit, [&]() REQUIRES(mutex_) {
        return checked_out_ == 0 && std::none_of(parked_.begin(), parked_.end(), [](const auto& item) {
                   return item.second.stage == Stage::idle || item.second.stage == Stage::arriving;
               });
    });
}

void Acceptor::stop(config::Duration limit) {
    drain(config::Duration::zero());
    {
        const base::MutexLock lock(mutex_);
        left_.wait_for(mutex_, limit, [&]() REQUIRES(mutex_) { return checked_out_ == 0 && parked_.empty(); });
        stopping_ = true;
        ::eventfd_write(wake_.get(), 1);
    }
    if (thread_.joinable()) thread_.join();
    listener_.reset();
    const base::MutexLock lock(mutex_);
    parked_.clear();
}

int Acceptor::wait_limit() {
    const base::MutexLock lock(mutex_);
    return stopping_ ? 0 : parked_.empty() ? -1 : kCheckPeriodMs;
}

void Acceptor::run() {
    auto check_at = base::Steady::now();
    for (;;) {
        std::array<epoll_event, 64> events{};
        int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_limit());
        for (int i = 0; i < n; ++i) {
            int fd = events[static_cast<std::size_t>(i)].data.fd;
            eventfd_t ignored = 0;
            if (fd == wake_.get()) ::eventfd_read(fd, &ignored);
            else if (fd == listener_.get()) accept_one();
            else resume(fd);
        }
        {
            const base::MutexLock lock(mutex_);
            if (stopping_) return;
        }
        if (base::Steady::now() < check_at) continue;
        close_overdue();
        check_at = base::Steady::now() + std::chrono::milliseconds(kCheckPeriodMs);
    }
}

void Acceptor::accept_one() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    base::Fd fd(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC));
    if (!fd) {
        bool out_of_descriptors = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (!out_of_descriptors) return;
        base::log::warn("web", "could not accept a connection: out of file descriptors or memory");
        // Pauses, so that the loop does not spin: the listener stays readable while no descriptor is free.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return;
    }
    bool is_tcp = address.ss_family != AF_UNIX;
    int number = fd.get();
    auto transport = std::make_shared<SocketTransport>(std::move(fd), is_tcp, options_.timeouts.body);
    auto connection = std::make_unique<Connection>(std::move(transport), numeric_address(address), options_.timeouts);
    connection->lingers = true;
    connection->hold_by(budget_, slots_);
    connection->park = [this, number](std::unique_ptr<Connection> idle) { park_idle(number, std::move(idle)); };
    connection->end = [this, number](std::unique_ptr<Connection> last) { end(number, std::move(last)); };
    Time now = base::Steady::now();
    advance(number, {std::move(connection), Stage::arriving, now, now});
}

void Acceptor::resume(int fd) {
    Parked parked;
    {
        const base::MutexLock lock(mutex_);
        auto found = parked_.find(fd);
        if (found == parked_.end()) return;
        parked = std::move(found->second);
        parked_.erase(found);
        ++checked_out_;
    }
    if (parked.stage == Stage::idle) parked.since = parked.moved = base::Steady::now();
    if (parked.stage == Stage::sending) {
        send_on(fd, std::move(parked));
    } else if (parked.stage != Stage::ending) {
        parked.stage = Stage::arriving;
        advance(fd, std::move(parked));
    } else if (drop_input(parked)) {
        park(fd, std::move(parked));
    }
    const base::MutexLock lock(mutex_);
    --checked_out_;
    left_.notify_all();
}

bool Acceptor::is_whole(Connection& connection) const {
    if (connection.arrival().in_head()) connection.skip_empty_line();
    return connection.arrival().is_whole(connection.input(), options_.planner);
}

// Reads the part of a request that has arrived. If the request is complete, gives it to a thread.
void Acceptor::advance(int fd, Parked parked) {
    Connection& connection = *parked.connection;
    for (int i = 0; i < kReadsATurn; ++i) {
        Connection::Filled filled = connection.fill();
        if (filled == Connection::Filled::ended) return;
        if (filled == Connection::Filled::nothing) break;
        parked.moved = base::Steady::now();
        if (is_whole(connection)) return admit(std::move(parked.connection));
        if (budget_->is_over()) return refuse(fd, std::move(parked.connection));
    }
    answer_expectation(connection);
    if (!connection.has_input()) parked.stage = Stage::idle;
    park(fd, std::move(parked));
}

void Acceptor::admit(std::unique_ptr<Connection> connection) {
    if (!admit_(std::move(connection))) base::log::warn("web", "closed a connection: too many wait for a thread");
}

void Acceptor::refuse(int fd, std::unique_ptr<Connection> connection) {
    base::log::warn("web", "refused a request: incomplete requests hold too much memory (app.max_memory)");
    connection->send_now(kBusy);
    end(fd, std::move(connection));
}

// Drops what a client still sends after its last answer. Closing a connection with unread bytes would cause a reset,
// which can destroy an answer that the client has not received yet. Returns false if the connection has ended.
bool Acceptor::drop_input(Parked& parked) const {
    for (int i = 0; i < kReadsATurn; ++i) {
        Connection::Filled filled = parked.connection->fill();
        if (filled == Connection::Filled::ended) return false;
        if (filled == Connection::Filled::nothing) return true;
        parked.transferred += parked.connection->input().size();
        parked.connection->discard_input();
        if (parked.transferred > kEndBytes) return false;
    }
    return true;
}

bool Acceptor::is_overdue(const Parked& parked, Time now) const {
    if (parked.stage == Stage::idle) return now - parked.since > options_.idle_timeout;
    if (parked.stage == Stage::ending) return now - parked.since > kEndTime;
    if (parked.stage == Stage::arriving && parked.connection->arrival().in_head())
        return now - parked.since > options_.timeouts.head;
    const std::size_t bytes = parked.stage == Stage::sending ? parked.transferred : parked.connection->input().size();
    const auto earned = std::chrono::seconds(static_cast<std::int64_t>(bytes) / options_.min_rate);
    return now - parked.moved > options_.timeouts.body || now - parked.since > options_.timeouts.body + earned;
}

void Acceptor::close_overdue() {
    Time now = base::Steady::now();
    const base::MutexLock lock(mutex_);
    std::erase_if(parked_, [&](const auto& item) { return is_overdue(item.second, now); });
    left_.notify_all();
}

}  // namespace bodega::web
