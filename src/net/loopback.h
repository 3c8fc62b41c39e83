// Recognises connections that stay on this machine, and tunes their sockets.
#pragma once

#include <sys/socket.h>

namespace bodega::net {

bool is_loopback(const sockaddr_storage& address) noexcept;  // 127.0.0.0/8 and ::1

// If `address` is loopback, selects a congestion control without pacing (the system's default may be BBR), which
// avoids a timer for every few segments: there is no network to probe or to share. Requires: the socket listens or is
// not connected yet; accepted sockets inherit the options.
void disable_pacing(int socket, const sockaddr_storage& address) noexcept;

}  // namespace bodega::net
