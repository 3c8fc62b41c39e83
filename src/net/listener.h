// Addresses to listen on, and the sockets bound to them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/inherited_sockets.h"

namespace bodega::net {

// Options of a listener. They apply to each of its connections.
struct ListenOptions {
    bool secure = false;              // TLS
    bool proxy_protocol = false;      // each connection begins with a PROXY header
    bool redirects = false;           // plain requests are redirected to https
    std::uint16_t redirect_port = 0;  // the port to redirect to; 0: the port of the https:// listener
};

// An address to listen on. "[::]" accepts IPv4 too.
struct ListenAddress {
    std::string asked;               // the text in the configuration
    std::string url;                 // `asked` without its options
    std::vector<std::string> hosts;  // numeric addresses; localhost has two, and binding the second may fail
    std::uint16_t port = 80;
    ListenOptions options;

    // Address and port without options: "127.0.0.1:8080".
    std::string place() const { return hosts.front() + ":" + std::to_string(port); }
};

struct Listener {
    std::string url;  // "http://127.0.0.1:8080", with the port that was bound
    base::Fd fd;      // listening, non-blocking; TCP_NODELAY is set, and accepted sockets inherit it
    std::uint16_t port = 0;
    ListenOptions options;
    bool kept_elsewhere = false;  // see base::ListeningSocket
    std::string asked{};          // see ListenAddress

    // The url without the name of its scheme: "://127.0.0.1:8080".
    std::string_view place() const { return std::string_view(url).substr(url.find(':')); }
};

// Binds the address. Takes over the inherited sockets that are already bound to it, if there are any; `inherited` may
// be null. Throws base::Error{config_invalid} if the address is in use, is not an address of this host, or is not
// permitted.
std::vector<Listener> bind_listeners(const ListenAddress& address, base::InheritedSockets* inherited = nullptr);

// Makes the kernel drop new connection attempts, while connections that it has already completed can still be accepted.
// The kernel of a dropped client tries again after a second. If the listener is closed by then, the client is refused.
void refuse_new_connections(int listener) noexcept;

// The peer's address without its port. An IPv4 address in IPv6 form is returned as IPv4.
std::string peer_address(const sockaddr_storage& peer);

}  // namespace bodega::net
