// Looks up a host's addresses with a time limit, which getaddrinfo(3) does not have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/resolve.h"
#include "net/wait_limit.h"

namespace bodega::net {

// Returns at least one address. If `host` is an address, no look-up is needed. A look-up that exceeds the limit
// continues on a detached thread, and its result is dropped. Throws Error{unavailable} if the name is unknown, or if
// `limit` ends the wait.
std::vector<Endpoint> look_up_host(const std::string& host, std::uint16_t port, const WaitLimit& limit);

}  // namespace bodega::net
