// Recognises connections that stay on this machine, and tunes their sockets.
#pragma once

#include <sys/socket.h>

namespace bodega::net {

bool is_loopback(const sockaddr_storage& address) noexcept;  // 127.0.0.0/8 and ::1

// If `address` is loopback, selects a congestion control without pacing, because there is no network to probe or to
// share. The system's default may be BBR, which sets a timer for every few segments. Requires: the socket listens or is
// not connected yet. Accepted sockets inherit the option.
void disable_pacing(int socket, const sockaddr_storage& address) noexcept;

}  // namespace bodega::net
