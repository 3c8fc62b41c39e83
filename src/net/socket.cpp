#include "net/socket.h"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

namespace bodega::net {
namespace {

constexpr std::uint32_t kReading = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::uint32_t kBoth = kReading | EPOLLOUT;

}  // namespace

Socket::Socket(Loop& loop, base::Fd fd, Writable writable, Wakeup* wakeup)
    : Transport(wakeup), loop_(loop), fd_(std::move(fd)), watches_writable_(writable == Writable::always) {
    loop_.watch(fd_.get(), watches_writable_ ? kBoth : kReading, *this);
}

void Socket::on_events(std::uint32_t events) noexcept {
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) closed_ = true;
    if (events & (EPOLLHUP | EPOLLERR)) broken_ = true;
    if (wakeup_) wakeup_->notify();
}

IoResult Socket::receive(Buffer& buffer, std::size_t limit, Buffer::Room room) {
    if (!readable_) return {Io::blocked};
    std::span<char> space = buffer.space(limit, room);
    if (space.empty()) return {Io::failed};  // the loop is over its memory budget, so the buffer can't grow
    IoResult result = receive(space);
    buffer.commit(result.bytes);
    return result;
}

IoResult Socket::receive(std::span<char> to) { return receive_into(to); }

IoResult Socket::receive_into(std::span<char> space, int flags) noexcept {
    if (!readable_) return {Io::blocked};
    ssize_t n = 0;
    do {
        n = ::recv(fd_.get(), space.data(), space.size(), flags);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
        // After a FIN no event follows, so the socket stays readable: the next read then returns the end of the stream.
        if (static_cast<std::size_t>(n) < space.size() && !closed_) readable_ = false;
        return {Io::done, static_cast<std::size_t>(n)};
    }
    if (n == 0) return {Io::ended};
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {Io::failed};
    readable_ = false;
    return {Io::blocked};
}

IoResult Socket::peek(std::span<char> space) noexcept { return receive_into(space, MSG_PEEK); }

bool Socket::skip(std::size_t count) noexcept {
    readable_ = true;  // the peeked bytes are still in the socket, and more may follow
    std::array<char, 512> scratch;
    while (count > 0) {
        IoResult result = receive_into(std::span(scratch).first(std::min(count, scratch.size())));
        if (result.status != Io::done) return false;
        count -= result.bytes;
    }
    return true;
}

IoResult Socket::send(std::span<const iovec> pieces, More more) noexcept {
    if (!writable_) return {Io::blocked};
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());  // sendmsg(2) does not write to the array
    message.msg_iovlen = pieces.size();
    std::size_t wanted = 0;
    for (const iovec& piece : pieces) wanted += piece.iov_len;
    int flags = MSG_NOSIGNAL | (more == More::yes ? MSG_MORE : 0);
    ssize_t n = 0;
    do {
        n = pieces.size() == 1 ? ::send(fd_.get(), pieces[0].iov_base, wanted, flags)
                               : ::sendmsg(fd_.get(), &message, flags);
    } while (n < 0 && errno == EINTR);
    return written(n, wanted);
}

IoResult Socket::send_file(int file, off_t& offset, std::size_t count) noexcept {
    if (!writable_) return {Io::blocked};
    ssize_t n = 0;
    do {
        n = ::sendfile(fd_.get(), file, &offset, count);
    } while (n < 0 && errno == EINTR);
    if (n == 0) return {Io::failed};
    // A short sendfile(2) may mean that the kernel's internal pipe was full, not the socket. No event would follow, so
    // the socket stays writable and the caller tries again.
    return written(n, n > 0 ? static_cast<std::size_t>(n) : count);
}

IoResult Socket::written(ssize_t result, std::size_t wanted) noexcept {
    if (result < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return {Io::failed};
    std::size_t bytes = result < 0 ? 0 : static_cast<std::size_t>(result);
    if (bytes < wanted) {
        writable_ = false;
        want_writable();
    }
    return {result < 0 ? Io::blocked : Io::done, bytes};
}

void Socket::want_writable() noexcept {
    if (watches_writable_) return;
    watches_writable_ = true;
    // epoll_ctl(2) also reports readiness that exists at the time of the change, so no event is lost.
    try {
        loop_.change(fd_.get(), kBoth, *this);
    } catch (const std::exception&) {
        // only ENOMEM is possible; marks the connection as broken
        broken_ = closed_ = readable_ = writable_ = true;
    }
}

void Socket::await_connection() noexcept {
    writable_ = false;
    want_writable();
}

void Socket::shut_writing() noexcept { ::shutdown(fd_.get(), SHUT_WR); }

}  // namespace bodega::net
