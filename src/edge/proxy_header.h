// The header of the PROXY protocol, versions 1 and 2, with which a load balancer sends the address of its client
// (haproxy.org's proxy-protocol.txt). Pure functions.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bodega::edge {

struct ProxyHeader {
    // the most bytes of a header with its TLVs; longer headers are rejected
    static constexpr std::size_t kMax = 4 << 10;

    enum class State : std::uint8_t { incomplete, malformed, whole };

    State state = State::incomplete;
    std::size_t length = 0;  // length of a complete header in bytes; the client's bytes follow it
    // The client's address. Empty if the balancer itself is the client (a health check), or if it does not know the
    // client's address.
    std::optional<sockaddr_storage> source;

    // Reads the first bytes of a connection. Returns `malformed` as soon as the bytes can't be the start of a valid
    // header.
    static ProxyHeader read(std::string_view bytes);
};

}  // namespace bodega::edge
