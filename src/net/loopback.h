// Connections that stay on this machine, and what they can do without.
#pragma once

#include <sys/socket.h>

namespace bodega::edge {

bool is_loopback(const sockaddr_storage& address) noexcept;  // 127.0.0.0/8 and ::1

// Where `address` is this machine's own there is no network to probe or to share: the connection does without a
// congestion control that paces (BBR, if that is the system's default) and a timer for each few segments.
// Requires: the socket listens, or is not connected yet; what it accepts inherits it.
void spare_pacing(int socket, const sockaddr_storage& address) noexcept;

}  // namespace bodega::edge
