// A connected stream socket on a loop. Remembers the readiness that epoll reported.
//
// The socket is registered once, edge-triggered. After a short read or write the kernel has no more data or no more
// room for now, so the next attempt waits for an event. This saves a system call that would only return EAGAIN.
#pragma once

#include "base/fd.h"
#include "net/loop.h"
#include "net/transport.h"

namespace bodega::net {

class Socket : public Transport, private EventTarget {
public:
    // always: watches EPOLLOUT from the start, which costs nothing on TCP. on_demand: watches it only after a blocked
    // write, because a unix socket reports it each time that the peer reads.
    enum class Writable : std::uint8_t { always, on_demand };

    // Takes a non-blocking descriptor. `wakeup` is notified of every event; it can be replaced later. Throws
    // base::Error.
    Socket(Loop& loop, base::Fd fd, Writable writable, Wakeup* wakeup);
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) override;
    IoResult receive(std::span<char> to) override;                                         // recv(2)
    IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;  // More::yes sets MSG_MORE
    IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;      // sendfile(2)
    void shut_writing() noexcept override;
    // Call while connect(2) is in progress (EINPROGRESS). The socket becomes writable when it is connected, and broken
    // if the connection fails.
    void await_connection() noexcept;
    int fd() const noexcept { return fd_.get(); }

    // peek() reads like recv(2) but leaves the bytes in the socket; skip() then drops `count` of them. If peek()
    // returned too few bytes, wait: an event comes with the next bytes.
    IoResult peek(std::span<char> space) noexcept;
    bool skip(std::size_t count) noexcept;

protected:
    IoResult receive_into(std::span<char> space, int flags = 0) noexcept;

private:
    void on_events(std::uint32_t events) noexcept override;
    void want_writable() noexcept;
    IoResult written(ssize_t result, std::size_t wanted) noexcept;

    Loop& loop_;
    base::Fd fd_;
    bool watches_writable_;
};

}  // namespace bodega::net
