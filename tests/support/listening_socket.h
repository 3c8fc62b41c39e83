// A listening socket, on a unix path or a port of 127.0.0.1, whose backlog a test can fill.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/fd.h"
#include "net/resolve.h"

namespace bodega::test {

class ListeningSocket {
public:
    explicit ListeningSocket(const std::string& path, int backlog = 16)
        : ListeningSocket(unix_endpoint(path), backlog) {}
    explicit ListeningSocket(int backlog = 16) : ListeningSocket(tcp_endpoint(0), backlog) {}

    const net::Endpoint& endpoint() const noexcept { return endpoint_; }
    // Of a TCP socket.
    int port() const noexcept { return ntohs(reinterpret_cast<const sockaddr_in*>(&endpoint_.address)->sin_port); }
    std::string authority() const { return "127.0.0.1:" + std::to_string(port()); }

    // Returns an empty Fd after stop().
    base::Fd accept() const { return base::Fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC)); }

    // Ends a running accept().
    void stop() const { ::shutdown(fd_.get(), SHUT_RDWR); }

    // Connects until the backlog takes no more. Over TCP, the next SYN is then dropped.
    void fill() {
        for (int i = 0; i < 8; ++i) {
            base::Fd one(::socket(endpoint_.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            const bool connected = ::connect(one.get(), address(), endpoint_.length) == 0;
            if (!connected && errno == EAGAIN) return;
            clients_.push_back(std::move(one));
        }
    }

    static net::Endpoint unix_endpoint(const std::string& path) {
        net::Endpoint out;
        auto* to = reinterpret_cast<sockaddr_un*>(&out.address);
        to->sun_family = AF_UNIX;
        path.copy(to->sun_path, sizeof to->sun_path - 1);
        out.length = sizeof *to;
        return out;
    }
    static net::Endpoint tcp_endpoint(std::uint16_t port) {
        net::Endpoint out;
        auto* to = reinterpret_cast<sockaddr_in*>(&out.address);
        to->sin_family = AF_INET;
        to->sin_port = htons(port);
        to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        out.length = sizeof *to;
        return out;
    }

private:
    ListeningSocket(const net::Endpoint& at, int backlog)
        : endpoint_(at), fd_(::socket(at.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (::bind(fd_.get(), address(), endpoint_.length) != 0 || ::listen(fd_.get(), backlog) != 0)
            throw std::runtime_error(std::string("could not listen: ") + std::strerror(errno));
        socklen_t length = sizeof endpoint_.address;
        if (at.address.ss_family == AF_INET)
            ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&endpoint_.address), &length);
    }
    const sockaddr* address() const noexcept { return reinterpret_cast<const sockaddr*>(&endpoint_.address); }

    net::Endpoint endpoint_;
    base::Fd fd_;
    std::vector<base::Fd> clients_;
};

}  // namespace bodega::test
