#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

#include "base/error.h"
#include "web/transport/acceptor.h"

namespace bodega::web {
namespace {

constexpr int kBacklog = 1024;

[[noreturn]] void refuse(const std::string& address, const std::string& why) {
    throw base::Error(base::Code::config_invalid, "app.listen: can't listen on " + address + ": " + why);
}

base::Fd open_socket(const std::string& address, int family) {
    base::Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) refuse(address, std::generic_category().message(errno));
    return fd;
}

base::Fd bind_and_listen(base::Fd fd, const std::string& address, const sockaddr* name, socklen_t size) {
    if (::bind(fd.get(), name, size) != 0 || ::listen(fd.get(), kBacklog) != 0)
        refuse(address, errno == EADDRINUSE ? "another process uses it" : std::generic_category().message(errno));
    return fd;
}

base::InheritedSockets::Claimed claim(base::InheritedSockets* inherited, const sockaddr& name, socklen_t size) {
    return inherited ? inherited->claim(name, size) : base::InheritedSockets::Claimed{};
}

// True if a process listens on the socket, so that the socket's file is not stale.
bool is_alive(const sockaddr_un& name) {
    base::Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
}

base::InheritedSockets::Claimed listen_on_path(const std::string& path, base::InheritedSockets* inherited) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.size() >= sizeof name.sun_path)
        refuse(path, "a socket's path has at most 107 bytes; choose a shorter node.data_dir");
    std::memcpy(name.sun_path, path.c_str(), path.size());
    const auto* address = reinterpret_cast<const sockaddr*>(&name);
    if (auto claimed = claim(inherited, *address, sizeof name); claimed.fd) return claimed;
    base::Fd fd = open_socket(path, AF_UNIX);
    if (is_alive(name)) refuse(path, "another process uses it");
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
    fd = bind_and_listen(std::move(fd), path, address, sizeof name);
    ::chmod(path.c_str(), 0660);  // allows a proxy that runs in the same group to connect
    return {std::move(fd), false};
}

base::InheritedSockets::Claimed listen_on_port(const std::string& address, base::InheritedSockets* inherited) {
    std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) refuse(address, "write it like 127.0.0.1:5000 or /run/bodega/app.sock");
    std::string host = address.substr(0, colon), port = address.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    if (int error = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found); error != 0)
        refuse(address, ::gai_strerror(error));
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> holder(found, &::freeaddrinfo);
    if (auto claimed = claim(inherited, *found->ai_addr, found->ai_addrlen); claimed.fd) return claimed;
    base::Fd fd = open_socket(address, found->ai_family);
    int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return {bind_and_listen(std::move(fd), address, found->ai_addr, found->ai_addrlen), false};
}

}  // namespace

base::InheritedSockets::Claimed listen_on(const std::string& address, base::InheritedSockets* inherited) {
    return address.starts_with('/') ? listen_on_path(address, inherited) : listen_on_port(address, inherited);
}

int port_of(const base::Fd& listener) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
    if (name.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
    if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
    return 0;
}

}  // namespace bodega::web
