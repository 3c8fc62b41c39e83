// A connected stream socket on a loop, which remembers what epoll said about it.
//
// It is registered once, edge-triggered. A short read or write means that the kernel has no more for now, so
// the next attempt waits for the next event instead of asking again: a system call less each time.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/fd.h"
#include "edge/buffer.h"
#include "edge/loop.h"
#include "edge/waiter.h"

namespace bodega::edge {

enum class Io : std::uint8_t {
    done,     // some bytes went through
    blocked,  // wait for an event
    ended,    // the peer sends no more (receive only)
    failed,   // the connection is of no use any more
};

struct IoResult {
    Io status;
    std::size_t bytes = 0;
};

class Socket final : private EventTarget {
public:
    // always: EPOLLOUT is watched from the start, which costs nothing on TCP; on_demand: only after a blocked
    // write, since a unix socket reports it each time that the peer has read.
    enum class Writable : std::uint8_t { always, on_demand };

    // Takes a non-blocking descriptor. `waiter` is told of every event; may be changed. Throws base::Error.
    Socket(Loop& loop, base::Fd fd, Writable writable, Waiter* waiter);
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void notify_to(Waiter* waiter) noexcept { waiter_ = waiter; }

    // One recv(2) into the buffer's space, which holds `limit` bytes at most. Requires: room in it.
    IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual);
    enum class More : bool { no, yes };  // yes: the next write follows at once (MSG_MORE)
    IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept;
    // One sendfile(2), which may block on the disk: see file_body.h. A file that ends too early has failed.
    IoResult send_file(int file, off_t& offset, std::size_t count) noexcept;

    bool readable() const noexcept { return readable_; }
    bool writable() const noexcept { return writable_; }
    bool peer_closed() const noexcept { return closed_; }  // FIN or more was seen; unread bytes may remain
    bool broken() const noexcept { return broken_; }       // both ways closed, or reset
    void shut_writing() noexcept;
    int fd() const noexcept { return fd_.get(); }

private:
    void on_events(std::uint32_t events) noexcept override;
    void want_writable() noexcept;
    IoResult written(ssize_t result, std::size_t wanted) noexcept;

    Loop& loop_;
    base::Fd fd_;
    Waiter* waiter_;
    bool readable_ = false;
    bool writable_ = true;
    bool closed_ = false;
    bool broken_ = false;
    bool watches_writable_;
};

}  // namespace bodega::edge
