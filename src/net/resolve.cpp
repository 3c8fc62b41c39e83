#include "net/resolve.h"

#include <netdb.h>

#include <algorithm>
#include <cstring>

namespace bodega::net {

bool Endpoint::operator==(const Endpoint& other) const noexcept {
    return length == other.length && std::memcmp(&address, &other.address, length) == 0;
}

std::vector<Endpoint> resolve_name(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    std::vector<Endpoint> out;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return out;
    for (addrinfo* one = found; one; one = one->ai_next) {
        Endpoint endpoint;
        endpoint.length = one->ai_addrlen;
        std::copy_n(reinterpret_cast<const char*>(one->ai_addr), one->ai_addrlen,
                    reinterpret_cast<char*>(&endpoint.address));
        out.push_back(endpoint);
    }
    ::freeaddrinfo(found);
    return out;
}

}  // namespace bodega::net
