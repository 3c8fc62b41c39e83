// The PROXY protocol's header, versions 1 and 2, in which a load balancer says for whom it has connected.
// (haproxy.org's proxy-protocol.txt.) Pure functions.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bodega::edge {

struct ProxyHeader {
    static constexpr std::size_t kMost = 4 << 10;  // bytes of one, its TLVs included; more is refused

    enum class State : std::uint8_t { incomplete, malformed, whole };

    State state = State::incomplete;
    std::size_t length = 0;  // of a whole one: what follows it is the client's
    std::optional<sockaddr_storage>
        source;  // nullopt: the balancer speaks for itself (a health check), or does not know

    // Looks at the first bytes of a connection. Strict: what is not exactly a header is malformed, as early as that can
    // be told.
    static ProxyHeader read(std::string_view bytes);
};

}  // namespace bodega::edge
