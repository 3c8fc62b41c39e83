// The end of a connection whose client may still be sending (RFC 9112 section 9.6).
#pragma once

#include "net/buffer.h"
#include "net/transport.h"
#include "net/task.h"
#include "net/wakeup.h"

namespace bodega::edge {

// Sends no more and eats what comes, until the client ends too, is quiet for a while or `limit` (ms) is over: a close
// with unread bytes would reset the connection, and the reset could overtake what was said last.
// All outlive it; the waiter is the stream's.
Task<void> linger(Stream& stream, Blocks& blocks, Waiter& waiter, Moment limit);

}  // namespace bodega::edge
