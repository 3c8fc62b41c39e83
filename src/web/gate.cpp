#include "web/gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/log.h"

namespace bodega::web {
namespace {

constexpr int kSweepMs = 5000;

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

}  // namespace

Gate::Gate(base::Fd listener, Options options, Admit admit)
    : listener_(std::move(listener)),
      options_(options),
      admit_(std::move(admit)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    watch(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), EPOLLIN);
    watch(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN);
}

Gate::~Gate() { stop(); }

void Gate::start() {
    thread_ = std::thread([this] { run(); });
}

// Until something arrives, it closes, or its idle time is over. On any thread.
void Gate::park(int fd, std::unique_ptr<Connection> connection, bool registered) {
    connection->release_buffers();
    connection->park = [this, fd](std::unique_ptr<Connection> again) { park(fd, std::move(again), true); };
    std::lock_guard lock(mutex_);
    if (stopping_ || parked_.size() >= static_cast<std::size_t>(options_.most_parked)) return;
    bool first = parked_.empty();
    parked_[fd] = {std::move(connection), base::Steady::now()};
    watch(epoll_.get(), registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT);
    if (first) ::eventfd_write(wake_.get(), 1);  // it may be waiting without a limit
}

void Gate::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        ::eventfd_write(wake_.get(), 1);
    }
    if (thread_.joinable()) thread_.join();
    listener_.reset();
    std::lock_guard lock(mutex_);
    parked_.clear();
}

int Gate::wait_limit() {
    std::lock_guard lock(mutex_);
    return stopping_ ? 0 : parked_.empty() ? -1 : kSweepMs;
}

void Gate::run() {
    auto sweep_at = base::Steady::now();
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
            std::lock_guard lock(mutex_);
            if (stopping_) return;
        }
        if (base::Steady::now() < sweep_at) continue;
        close_idle();
        sweep_at = base::Steady::now() + std::chrono::milliseconds(kSweepMs);
    }
}

void Gate::accept_one() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    base::Fd fd(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC));
    if (!fd) {
        bool out_of_descriptors = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (!out_of_descriptors) return;
        base::log::warn("web", "a connection could not be accepted: out of descriptors or memory");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the listener stays readable: don't spin
        return;
    }
    bool is_tcp = address.ss_family != AF_UNIX;
    int number = fd.get();
    auto wire = std::make_shared<SocketWire>(std::move(fd), is_tcp, options_.io_timeout);
    auto connection = std::make_unique<Connection>(std::move(wire), numeric_address(address), options_.io_timeout);
    connection->lingers = true;
    connection->park = [this, number](std::unique_ptr<Connection> idle) { park(number, std::move(idle), false); };
    if (!admit_(std::move(connection))) base::log::warn("web", "a connection was refused: too many wait for a thread");
}

void Gate::resume(int fd) {
    std::unique_ptr<Connection> connection;
    {
        std::lock_guard lock(mutex_);
        auto found = parked_.find(fd);
        if (found == parked_.end()) return;
        connection = std::move(found->second.connection);
        parked_.erase(found);
    }
    if (!admit_(std::move(connection))) base::log::warn("web", "a connection was closed: too many wait for a thread");
}

void Gate::close_idle() {
    auto before = base::Steady::now() - options_.idle_timeout;
    std::lock_guard lock(mutex_);
    std::erase_if(parked_, [&](const auto& item) { return item.second.since < before; });
}

}  // namespace bodega::web
