#include "server/node_address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "server/node_name.h"

namespace bodega::server {
namespace {

std::optional<std::string> text_of(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address->sa_family == AF_INET) {
        const auto* four = reinterpret_cast<const sockaddr_in*>(address);
        if (::inet_ntop(AF_INET, &four->sin_addr, text.data(), text.size())) return text.data();
    }
    if (address->sa_family == AF_INET6) {
        const auto* six = reinterpret_cast<const sockaddr_in6*>(address);
        if (IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr)) return std::nullopt;
        if (::inet_ntop(AF_INET6, &six->sin6_addr, text.data(), text.size()))
            return "[" + std::string(text.data()) + "]";
    }
    return std::nullopt;
}

std::optional<std::string> own_address(int family) {
    ifaddrs* listed = nullptr;
    if (::getifaddrs(&listed) != 0) return std::nullopt;
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(listed, &::freeifaddrs);
    for (const ifaddrs* at = listed; at; at = at->ifa_next) {
        const bool up = (at->ifa_flags & IFF_UP) != 0 && (at->ifa_flags & IFF_LOOPBACK) == 0;
        if (!up || !at->ifa_addr || at->ifa_addr->sa_family != family) continue;
        if (auto text = text_of(at->ifa_addr)) return text;
    }
    return std::nullopt;
}

}  // namespace

std::string node_address(const std::vector<std::string>& urls) {
    if (urls.empty()) return {};
    std::string url = urls.front();
    for (std::string_view any : {"//0.0.0.0:", "//[::]:"}) {
        std::size_t at = url.find(any);
        if (at == url.npos) continue;
        auto own = own_address(AF_INET);
        if (!own) own = own_address(AF_INET6);
        url.replace(at + 2, any.size() - 3, own.value_or(node_name({})));
    }
    return url;
}

}  // namespace bodega::server
