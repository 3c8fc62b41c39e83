#include "net/listener.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "config/value.h"
#include "net/loopback.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

constexpr int kBacklog = 4096;

base::Error bad_address(std::string_view url, std::string_view why) {
    return base::Error(base::Code::config_invalid, "edge.listen: \"" + std::string(url) + "\" " + std::string(why));
}

struct Endpoint {
    sockaddr_storage storage{};
    socklen_t length = 0;

    const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

Endpoint make_endpoint(const std::string& host, std::uint16_t port) {
    Endpoint endpoint;
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

std::string_view why_not(int error) {
    switch (error) {
        case EADDRINUSE: return "is in use by another process. Stop it, or choose another port.";
        case EADDRNOTAVAIL: return "is not an address of this machine.";
        case EACCES: return "needs a privilege: ports below 1024 are for root. Choose a higher port.";
        default: return "";
    }
}

base::Fd bind_endpoint(const ListenAddress& address, const std::string& host, const Endpoint& endpoint) {
    base::Fd fd(::socket(endpoint.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) throw bad_address(address.url, "can't be listened on: " + std::generic_category().message(errno));
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (endpoint.storage.ss_family == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, host == "::" ? 0 : 1);
    if (::bind(fd.get(), endpoint.get(), endpoint.length) != 0 || ::listen(fd.get(), kBacklog) != 0) {
        std::string_view why = why_not(errno);
        throw bad_address(address.url, why.empty() ? "can't be listened on: " + std::generic_category().message(errno)
                                                   : std::string(why));
    }
    return fd;
}

// The optional second address of localhost may be missing: a machine without IPv6.
Listener bind_one(const ListenAddress& address, const std::string& host, std::uint16_t port,
                  base::InheritedSockets* inherited) {
    Endpoint endpoint = make_endpoint(host, port);
    base::InheritedSockets::Claimed socket;
    if (inherited) socket = inherited->claim(*endpoint.get(), endpoint.length);
    if (!socket.fd) socket.fd = bind_endpoint(address, host, endpoint);
    else if (::listen(socket.fd.get(), kBacklog) != 0) throw base::system_error("listen on an inherited socket", errno);
    set_option(socket.fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    spare_pacing(socket.fd.get(), endpoint.storage);
    std::string shown = endpoint.storage.ss_family == AF_INET6 ? "[" + host + "]" : host;
    std::uint16_t real_port = bound_port(socket.fd.get());
    std::string url = (address.manner.secure ? "https://" : "http://") + shown + ":" + std::to_string(real_port);
    return {std::move(url), std::move(socket.fd), real_port, address.manner, socket.kept_elsewhere, address.asked};
}

// Splits "host:port"; the host's brackets are taken off.
void read_authority(std::string_view authority, ListenAddress& out) {
    std::string_view host;
    std::string_view rest;
    if (authority.starts_with('[')) {
        std::size_t end = authority.find(']');
        if (end == std::string_view::npos) throw bad_address(out.url, "lacks a ']'.");
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
        rest = authority.substr(host.size());
    }
    if (!rest.empty()) {
        auto port = http::decimal(rest.substr(1));
        if (rest[0] != ':' || !port || *port > 65535) throw bad_address(out.url, "has no valid port (0 to 65535).");
        out.port = static_cast<std::uint16_t>(*port);
    }
    if (http::equal_ignoring_case(host, "localhost")) out.hosts = {"127.0.0.1", "::1"};
    else out.hosts = {std::string(host)};
}

// What follows the address in `text`.
void read_words(std::string_view text, ListenAddress& out) {
    std::string_view rest = text.substr(out.url.size());
    while (!rest.empty()) {
        std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        auto redirect = out.manner.secure ? std::nullopt : config::parse_redirect(word);
        if (redirect) out.manner.redirects = true, out.manner.redirect_port = *redirect;
        else if (word == "proxy_protocol") out.manner.proxy_protocol = true;
        else if (!word.empty()) throw bad_address(text, "can't have the word \"" + std::string(word) + "\".");
    }
}

}  // namespace

ListenAddress parse_listen_address(std::string_view text) {
    ListenAddress out;
    std::string_view url = text.substr(0, text.find(' '));
    out.url = url;
    out.asked = text;
    out.manner.secure = url.starts_with("https://");
    if (!out.manner.secure && !url.starts_with("http://"))
        throw bad_address(text, "does not begin with http:// or https://.");
    if (out.manner.secure) out.port = 443;
    url.remove_prefix(url.find("//") + 2);
    if (url.ends_with('/')) url.remove_suffix(1);
    read_authority(url, out);
    if (make_endpoint(out.hosts.front(), 0).length == 0)
        throw bad_address(out.url, "does not name an IP address or localhost.");
    read_words(text, out);
    return out;
}

std::vector<Listener> bind_listeners(const ListenAddress& address, base::InheritedSockets* inherited) {
    std::vector<Listener> out;
    out.push_back(bind_one(address, address.hosts.front(), address.port, inherited));
    if (address.hosts.size() == 1) return out;
    std::uint16_t port = bound_port(out.front().fd.get());
    try {
        out.push_back(bind_one(address, address.hosts[1], port, inherited));
    } catch (const base::Error&) {
        return out;  // no IPv6 here, or its port is taken: the first address is enough
    }
    return out;
}

void turn_newcomers_away(int listener) noexcept {
    // A filter sees the segment from its TCP header on: byte 13 is the flags, of which 0x02 is SYN.
    std::array<sock_filter, 4> code{{{BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},
                                     {BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x02},
                                     {BPF_RET | BPF_K, 0, 0, 0},
                                     {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF}}};
    sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    // Where the kernel refuses it, who connects in the very moment of the closing is reset, as with other servers.
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

}  // namespace bodega::edge
