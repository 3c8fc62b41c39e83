#include "web/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bodega::web {
namespace {

constexpr std::size_t kInput = 16 << 10;
constexpr std::size_t kOutput = 32 << 10;
constexpr std::size_t kDirect = 4 << 10;  // reads of this size go around the buffer
constexpr std::size_t kLinger = 4 << 20;  // bytes eaten after an answer that did not want them
constexpr auto kLingerTime = std::chrono::seconds(2);
constexpr auto kHeadTime = std::chrono::seconds(10);

timeval to_timeval(std::chrono::milliseconds duration) {
    return {.tv_sec = duration.count() / 1000, .tv_usec = duration.count() % 1000 * 1000};
}

}  // namespace

Connection::Connection(base::Fd fd, std::string peer_address, config::Duration io_timeout)
    : fd_(std::move(fd)), peer_address_(std::move(peer_address)), io_timeout_(io_timeout) {
    timeval tick = to_timeval(kTick);
    timeval send_limit = to_timeval(io_timeout_);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &send_limit, sizeof send_limit);
    int on = 1;
    if (!is_unix()) ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Connection::~Connection() = default;

Connection::Readiness Connection::await_request(bool wait) {
    if (has_input()) return Readiness::ready;
    in_.resize(kInput);
    ssize_t n = 0;
    do {
        n = ::recv(fd_.get(), in_.data(), in_.size(), wait ? 0 : MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Readiness::idle;
    if (n <= 0) return Readiness::closed;
    begin_ = 0;
    end_ = static_cast<std::size_t>(n);
    return Readiness::ready;
}

void Connection::begin_request() {
    deadline_ = base::Steady::now() + std::min<config::Duration>(io_timeout_, kHeadTime);
}

// One recv that ends at deadline_ rather than at the socket's tick.
ssize_t Connection::receive(char* to, std::size_t size) {
    for (;;) {
        ssize_t n = ::recv(fd_.get(), to, size, 0);
        if (n >= 0) return n;
        bool tick = errno == EAGAIN || errno == EWOULDBLOCK;
        if (errno != EINTR && !(tick && base::Steady::now() < deadline_)) return -1;
    }
}

bool Connection::refill() {
    if (!flush()) return false;  // the other end may wait for a 100 (Continue) before it sends
    in_.resize(kInput);
    ssize_t n = receive(in_.data(), in_.size());
    begin_ = 0;
    end_ = n > 0 ? static_cast<std::size_t>(n) : 0;
    return n > 0;
}

ssize_t Connection::read(char* to, std::size_t size) {
    if (!has_input() && !refill()) return 0;
    std::size_t n = std::min(size, end_ - begin_);
    std::memcpy(to, in_.data() + begin_, n);
    begin_ += n;
    return static_cast<ssize_t>(n);
}

ssize_t Connection::read_body(std::span<char> buffer) {
    if (has_input()) return read(buffer.data(), buffer.size());
    deadline_ = base::Steady::now() + io_timeout_;
    if (buffer.size() < kDirect) return read(buffer.data(), buffer.size());
    if (!flush()) return -1;
    return receive(buffer.data(), buffer.size());
}

ssize_t Connection::write(const char* from, std::size_t size) {
    if (out_.size() + size <= kOutput) {
        out_.append(from, size);
        return static_cast<ssize_t>(size);
    }
    return send_all(from, size) ? static_cast<ssize_t>(size) : -1;
}

bool Connection::flush() { return out_.empty() || send_all(nullptr, 0); }

// What is kept back and these bytes, in one call where the socket takes them.
bool Connection::send_all(const char* from, std::size_t size) {
    std::size_t kept = 0;
    while (kept < out_.size() || size > 0) {
        iovec parts[2] = {{out_.data() + kept, out_.size() - kept}, {const_cast<char*>(from), size}};
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = 2;
        ssize_t n = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        auto sent = static_cast<std::size_t>(n);
        std::size_t of_kept = std::min(sent, out_.size() - kept);
        kept += of_kept;
        from += sent - of_kept;
        size -= sent - of_kept;
    }
    out_.clear();
    return true;
}

void Connection::close_gently() {
    if (!flush()) return;
    ::shutdown(fd_.get(), SHUT_WR);
    deadline_ = base::Steady::now() + kLingerTime;
    in_.resize(kInput);
    std::size_t eaten = 0;
    while (eaten < kLinger) {
        ssize_t n = receive(in_.data(), in_.size());
        if (n <= 0 || base::Steady::now() > deadline_) return;
        eaten += static_cast<std::size_t>(n);
    }
}

void Connection::release_buffers() {
    std::vector<char>().swap(in_);
    std::string().swap(out_);
    begin_ = end_ = 0;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip = peer_address_;
    port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

}  // namespace bodega::web
