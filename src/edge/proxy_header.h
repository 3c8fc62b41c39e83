// The PROXY protocol's header, versions 1 and 2, in which a load balancer names the client that it connects for
// (haproxy.org's proxy-protocol.txt). Pure functions.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bodega::edge {

struct ProxyHeader {
    static constexpr std::size_t kMost = 4 << 10;  // bytes of a header with its TLVs; a longer one is rejected

    enum class State : std::uint8_t { incomplete, malformed, whole };

    State state = State::incomplete;
    std::size_t length = 0;  // bytes of a whole one; the client's bytes follow
    // The client. nullopt: the balancer speaks for itself (a health check), or does not know the client.
    std::optional<sockaddr_storage> source;

    // Reads the first bytes of a connection. Strict: anything that is not exactly a header is malformed, as early as
    // possible.
    static ProxyHeader read(std::string_view bytes);
};

}  // namespace bodega::edge
