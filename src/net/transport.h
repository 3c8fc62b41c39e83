// Where a connection's bytes come from and go to, whatever carries them: a socket, or a channel within the process.
//
// Nothing waits here: what can't go on says so, and the stream's waiter is told when it may be tried again.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "net/buffer.h"
#include "net/wakeup.h"

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

// Belongs to its loop's thread.
class Stream {
public:
    virtual ~Stream() = default;

    void notify_to(Waiter* waiter) noexcept { waiter_ = waiter; }

    // Once into the buffer's space, which holds `limit` bytes at most. Requires: less in it. Failed if there is no
    // memory for more.
    virtual IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) = 0;
    // Once into the caller's memory. Requires: room in it.
    virtual IoResult receive(std::span<char> to) = 0;
    enum class More : bool { no, yes };  // yes: the next write follows at once
    virtual IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept = 0;
    // May block on the disk: see file_body.h. A file that ends too early has failed.
    virtual IoResult send_file(int file, off_t& offset, std::size_t count) noexcept = 0;
    virtual void shut_writing() noexcept = 0;
    // Before the stream is destroyed, when all that was to be said was said: by TLS the peer can tell that from a cut.
    virtual void say_goodbye() noexcept {}

    bool readable() const noexcept { return readable_; }
    bool writable() const noexcept { return writable_; }
    bool peer_closed() const noexcept { return closed_; }  // it sends no more; unread bytes may remain
    bool broken() const noexcept { return broken_; }       // both ways closed, or reset

protected:
    explicit Stream(Waiter* waiter) noexcept : waiter_(waiter) {}

    Waiter* waiter_;  // told of every event; may be null
    bool readable_ = false;
    bool writable_ = true;
    bool closed_ = false;
    bool broken_ = false;
};

}  // namespace bodega::edge
