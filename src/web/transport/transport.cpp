#include "web/transport/transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.h"

namespace bodega::web {
namespace {

constexpr std::chrono::milliseconds kTick{50};  // SO_RCVTIMEO; receive() waits repeatedly for a longer limit

timeval to_timeval(std::chrono::milliseconds duration) {
    return {.tv_sec = duration.count() / 1000, .tv_usec = duration.count() % 1000 * 1000};
}

Transport::Status status_of(base::DuplexPipe::Io io) {
    switch (io) {
        case base::DuplexPipe::Io::done: return Transport::Status::done;
        case base::DuplexPipe::Io::timeout: return Transport::Status::timeout;
        case base::DuplexPipe::Io::ended: break;
    }
    return Transport::Status::ended;
}

}  // namespace

SocketTransport::SocketTransport(base::Fd fd, bool is_tcp, config::Duration send_limit) : fd_(std::move(fd)) {
    timeval tick = to_timeval(kTick);
    timeval limit = to_timeval(send_limit);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int on = 1;
    if (is_tcp) ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Transport::Received SocketTransport::receive(std::span<char> to, std::chrono::milliseconds limit) {
    bool look = limit.count() <= 0;
    auto deadline = look ? base::Steady::time_point{} : base::Steady::now() + limit;
    for (;;) {
        ssize_t n = ::recv(fd_.get(), to.data(), to.size(), look ? MSG_DONTWAIT : 0);
        if (n > 0) return {Status::done, static_cast<std::size_t>(n)};
        if (n == 0) return {Status::ended, 0};
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return {Status::failed, 0};
        if (look || base::Steady::now() >= deadline) return {Status::timeout, 0};
    }
}

bool SocketTransport::send(std::span<iovec> pieces) {
    while (!pieces.empty()) {
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        ssize_t n = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        auto sent = static_cast<std::size_t>(n);
        while (!pieces.empty() && sent >= pieces.front().iov_len) {
            sent -= pieces.front().iov_len;
            pieces = pieces.subspan(1);
        }
        if (pieces.empty()) break;
        pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + sent;
        pieces.front().iov_len -= sent;
    }
    return true;
}

std::optional<std::size_t> SocketTransport::send_now(std::string_view text) {
    for (;;) {
        ssize_t n = ::send(fd_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
        if (errno != EINTR) return std::nullopt;
    }
}

void SocketTransport::shut_writing() { ::shutdown(fd_.get(), SHUT_WR); }

void SocketTransport::cut() { ::shutdown(fd_.get(), SHUT_RDWR); }

PipeTransport::PipeTransport(std::shared_ptr<base::DuplexPipe> pipe, config::Duration send_limit)
    : pipe_(std::move(pipe)), send_limit_(send_limit) {}

PipeTransport::~PipeTransport() { pipe_->server_close(); }

Transport::Received PipeTransport::receive(std::span<char> to, std::chrono::milliseconds limit) {
    base::DuplexPipe::Received received = pipe_->server_receive(to, limit);
    return {status_of(received.status), received.bytes};
}

bool PipeTransport::send(std::span<iovec> pieces) {
    return pipe_->server_send(pieces, send_limit_) == base::DuplexPipe::Io::done;
}

std::optional<std::size_t> PipeTransport::send_now(std::string_view text) {
    iovec piece{const_cast<char*>(text.data()), text.size()};
    const base::DuplexPipe::Io io = pipe_->server_send({&piece, 1}, std::chrono::milliseconds::zero());
    return io == base::DuplexPipe::Io::done ? std::optional(text.size()) : std::nullopt;
}

void PipeTransport::shut_writing() { pipe_->server_shut_writing(); }

void PipeTransport::cut() { pipe_->server_close(); }

}  // namespace bodega::web
