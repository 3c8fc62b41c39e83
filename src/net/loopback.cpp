#include "net/loopback.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string_view>

namespace bodega::net {
namespace {

constexpr std::string_view kUnpaced = "reno";  // no pacing; every kernel has it, and any process may select it
constexpr in_addr_t kLoopbackNetwork = 127;

}  // namespace

bool is_loopback(const sockaddr_storage& address) noexcept {
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return ntohl(v4.sin_addr.s_addr) >> 24 == kLoopbackNetwork;
    }
    return address.ss_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

void disable_pacing(int socket, const sockaddr_storage& address) noexcept {
    // An error is ignored: the system's default works too.
    if (is_loopback(address)) ::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, kUnpaced.data(), kUnpaced.size());
}

}  // namespace bodega::net
