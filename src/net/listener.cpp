#include "net/listener.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "net/loopback.h"

namespace bodega::net {
namespace {

constexpr int kBacklog = 4096;

base::Error bad_address(std::string_view url, std::string_view why) {
    return base::Error(base::Code::config_invalid, "edge.listen: \"" + std::string(url) + "\" " + std::string(why));
}

struct BindAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

BindAddress bind_address_of(const std::string& host, std::uint16_t port) {
    BindAddress endpoint;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&endpoint.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&endpoint.storage);
    if (::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        endpoint.length = sizeof(sockaddr_in);
    } else if (::inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        endpoint.length = sizeof(sockaddr_in6);
    }
    return endpoint;
}

void set_option(int fd, int level, int name, int value) {
    if (::setsockopt(fd, level, name, &value, sizeof value) != 0) throw base::system_error("set up a listener", errno);
}

std::uint16_t bound_port(int fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        throw base::system_error("ask for a listener's port", errno);
    return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                                               : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

std::string_view bind_failure(int error) {
    switch (error) {
        case EADDRINUSE: return "is in use by another process. Stop it, or choose another port.";
        case EADDRNOTAVAIL: return "is not an address of this machine.";
        case EACCES: return "needs a privilege: ports below 1024 are for root. Choose a higher port.";
        default: return "";
    }
}

base::Fd bind_endpoint(const ListenAddress& address, const std::string& host, const BindAddress& endpoint) {
    base::Fd fd(::socket(endpoint.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) throw bad_address(address.url, "can't be listened on: " + std::generic_category().message(errno));
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (endpoint.storage.ss_family == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, host == "::" ? 0 : 1);
    if (::bind(fd.get(), endpoint.get(), endpoint.length) != 0 || ::listen(fd.get(), kBacklog) != 0) {
        std::string_view why = bind_failure(errno);
        throw bad_address(address.url, why.empty() ? "can't be listened on: " + std::generic_category().message(errno)
                                                   : std::string(why));
    }
    return fd;
}

// Listens on one address. Uses the inherited socket that is bound to it, if there is one.
Listener bind_one(const ListenAddress& address, const std::string& host, std::uint16_t port,
                  base::InheritedSockets* inherited) {
    BindAddress endpoint = bind_address_of(host, port);
    base::InheritedSockets::Claimed socket;
    if (inherited) socket = inherited->claim(*endpoint.get(), endpoint.length);
    if (!socket.fd) socket.fd = bind_endpoint(address, host, endpoint);
    else if (::listen(socket.fd.get(), kBacklog) != 0) throw base::system_error("listen on an inherited socket", errno);
    set_option(socket.fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    disable_pacing(socket.fd.get(), endpoint.storage);
    std::string url_host = endpoint.storage.ss_family == AF_INET6 ? "[" + host + "]" : host;
    std::uint16_t real_port = bound_port(socket.fd.get());
    std::string url = (address.options.secure ? "https://" : "http://") + url_host + ":" + std::to_string(real_port);
    return {std::move(url), std::move(socket.fd), real_port, address.options, socket.kept_elsewhere, address.asked};
}

}  // namespace

std::vector<Listener> bind_listeners(const ListenAddress& address, base::InheritedSockets* inherited) {
    std::vector<Listener> out;
    out.push_back(bind_one(address, address.hosts.front(), address.port, inherited));
    if (address.hosts.size() == 1) return out;
    std::uint16_t port = bound_port(out.front().fd.get());
    try {
        out.push_back(bind_one(address, address.hosts[1], port, inherited));
    } catch (const base::Error&) {
        return out;  // IPv6 is missing, or its port is in use: localhost's first address is enough
    }
    return out;
}

void refuse_new_connections(int listener) noexcept {
    // Drops segments that have the SYN flag. The filter sees a segment from its TCP header on: byte 13 has the flags,
    // and 0x02 is SYN.
    std::array<sock_filter, 4> code{{{BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},
                                     {BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x02},
                                     {BPF_RET | BPF_K, 0, 0, 0},
                                     {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF}}};
    sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    // An error is ignored: a client that connects while the listener closes is then reset, as with other servers.
    ::setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

std::string peer_address(const sockaddr_storage& peer) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (peer.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr, text.data(), text.size());
    } else if (peer.ss_family == AF_INET6) {
        const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&address)) ::inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
        else ::inet_ntop(AF_INET6, &address, text.data(), text.size());
    }
    return text.data();
}

}  // namespace bodega::net
