// Closes a connection whose client may still be sending (RFC 9112 section 9.6).
#pragma once

#include "net/buffer.h"
#include "net/task.h"
#include "net/transport.h"
#include "net/wakeup.h"

namespace bodega::net {

// Shuts down sending, then reads and drops input until the client closes, is silent for two seconds, or `limit` (ms)
// has passed. A close with unread input would reset the connection, and the reset could overtake the last answer.
// Requires: the transport notifies `wakeup`; all arguments outlive the coroutine.
Task<void> linger(Transport& transport, BufferPool& buffer_pool, Wakeup& wakeup, Moment limit);

}  // namespace bodega::net
