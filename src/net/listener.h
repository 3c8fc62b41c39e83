// Addresses to listen on, and the sockets bound to them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/inherited_sockets.h"

namespace bodega::edge {

// What a listener asks of each of its connections.
struct Manner {
    bool secure = false;              // TLS
    bool proxy_protocol = false;      // begins with a PROXY header
    bool redirects = false;           // plain requests are sent to https
    std::uint16_t redirect_port = 0;  // which has this port for clients; 0: that of the https:// listener
};

// "http://127.0.0.1:8080", "http://[::]:8080", "https://localhost:8443": a literal address or localhost, and a port
// (80, or 443 for https, if left out; 0: the kernel chooses). "http://[::]" takes IPv4 too. Then, after blanks,
// "proxy_protocol" and "redirect" or "redirect=443".
struct ListenAddress {
    std::string asked;               // as configured
    std::string url;                 // the same without the words
    std::vector<std::string> hosts;  // numeric; two for localhost, of which the second is optional
    std::uint16_t port = 80;
    Manner manner;

    // Where it is, whatever it asks of connections: "127.0.0.1:8080".
    std::string place() const { return hosts.front() + ":" + std::to_string(port); }
};

// Throws base::Error{config_invalid} with one line that quotes `text`.
ListenAddress parse_listen_address(std::string_view text);

struct Listener {
    std::string url;  // "http://127.0.0.1:8080", with the real port
    base::Fd fd;      // listening, non-blocking; accepted sockets inherit TCP_NODELAY
    std::uint16_t port = 0;
    Manner manner;
    bool kept_elsewhere = false;  // as base::ListeningSocket has it
    std::string asked{};          // what it was configured as

    // Its url without the scheme.
    std::string_view place() const { return std::string_view(url).substr(url.find(':')); }
};

// Binds, or takes over those of the inherited sockets (may be null) that are bound to the address.
// Throws base::Error{config_invalid}: in use, not an address of this host, not permitted.
std::vector<Listener> bind_listeners(const ListenAddress& address, base::InheritedSockets* inherited = nullptr);

// From now on the kernel drops who wants to connect, while connections that it already agreed to still come to be
// accepted. A caller that is dropped tries again a second later, and is refused if the listener is closed by then.
void turn_newcomers_away(int listener) noexcept;

// The peer's address without its port, an IPv4 address in IPv6 form as IPv4.
std::string peer_address(const sockaddr_storage& peer);

}  // namespace bodega::edge
