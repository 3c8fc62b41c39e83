// Resolves host names to addresses.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bodega::net {

struct Endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;

    bool operator==(const Endpoint& other) const noexcept;
};

// Returns the addresses of a name; empty if the name is unknown or the look-up failed. May block for seconds. Any
// thread may call it.
using Resolve = std::function<std::vector<Endpoint>(const std::string& host, std::uint16_t port)>;
// Calls getaddrinfo(3).
std::vector<Endpoint> resolve_name(const std::string& host, std::uint16_t port);

}  // namespace bodega::net
