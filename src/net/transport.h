// A connection's byte stream, whatever carries it: a socket, or a duplex pipe within the process.
//
// Calls never wait. An operation that can't proceed returns Io::blocked, and the transport's wakeup is notified when a
// retry is possible.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "net/buffer.h"
#include "net/wakeup.h"

namespace bodega::net {

enum class Io : std::uint8_t {
    done,     // some bytes were transferred
    blocked,  // nothing was transferred; wait for an event
    ended,    // receive only: the peer sends no more bytes
    failed,   // the connection can't be used any more
};

struct IoResult {
    Io status;
    std::size_t bytes = 0;
};

// Belongs to its loop's thread.
class Transport {
public:
    virtual ~Transport() = default;

    void notify_to(Wakeup* wakeup) noexcept { wakeup_ = wakeup; }

    // Receives once into the buffer, which then holds at most `limit` bytes. Requires: the buffer holds fewer than
    // `limit` bytes. Returns Io::failed if there is no memory for more.
    virtual IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) = 0;
    // Receives once into the caller's memory. Requires: `to` is not empty.
    virtual IoResult receive(std::span<char> to) = 0;
    enum class More : bool { no, yes };  // yes: another write follows at once
    virtual IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept = 0;
    // May block on the disk: see file_body.h. Fails if the file ends too early.
    virtual IoResult send_file(int file, off_t& offset, std::size_t count) noexcept = 0;
    virtual void shut_writing() noexcept = 0;
    // Call before the transport is destroyed, when everything was sent. Over TLS, it tells the peer that the end of the
    // stream is not a truncation.
    virtual void close_notify() noexcept {}

    bool readable() const noexcept { return readable_; }
    bool writable() const noexcept { return writable_; }
    bool peer_closed() const noexcept { return closed_; }  // the peer sends no more bytes; unread bytes may remain
    bool broken() const noexcept { return broken_; }       // closed in both directions, or reset

protected:
    explicit Transport(Wakeup* wakeup) noexcept : wakeup_(wakeup) {}

    Wakeup* wakeup_;  // notified of every event; may be null
    bool readable_ = false;
    bool writable_ = true;
    bool closed_ = false;
    bool broken_ = false;
};

}  // namespace bodega::net
