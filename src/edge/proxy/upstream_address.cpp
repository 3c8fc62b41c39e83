#include "edge/proxy/upstream_address.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/fd.h"
#include "edge/exchange/options.h"
#include "edge/proxy/upstream_server.h"
#include "net/loopback.h"
#include "net/pipe_transport.h"
#include "net/socket.h"

namespace bodega::edge {
namespace {

using Failure = UpstreamAddress::Failure;
using Opened = UpstreamAddress::Opened;

Opened open_one(net::Loop& loop, const std::shared_ptr<base::PipeListener>& app) {
    std::shared_ptr<base::DuplexPipe> pipe = app->connect();
    if (!pipe) return Failure::refused;
    return std::make_unique<net::PipeTransport>(loop, std::move(pipe));
}

// Opens a unix socket. The kernel connects it at once or not at all.
Opened open_one(net::Loop& loop, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return Failure::refused;
    std::copy(path.begin(), path.end(), address.sun_path);
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return Failure::refused;
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return errno == EAGAIN ? Failure::full : Failure::refused;
    return std::make_unique<net::Socket>(loop, std::move(fd), net::Socket::Writable::on_demand, nullptr);
}

// Connects to the server's next endpoint. A full backlog counts as a refusal, so that another endpoint or server is
// tried at once.
Opened open_one(net::Loop& loop, UpstreamServer* server) {
    auto endpoint = server->next_endpoint();
    if (!endpoint) return Failure::refused;
    const int family = endpoint->address.ss_family;
    base::Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return Failure::refused;
    const int one = 1;
    if (family != AF_UNIX) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    net::disable_pacing(fd.get(), endpoint->address);
    const int done = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&endpoint->address), endpoint->length);
    if (done != 0 && errno != EINPROGRESS) return Failure::refused;
    auto writable = family == AF_UNIX ? net::Socket::Writable::on_demand : net::Socket::Writable::always;
    auto socket = std::make_unique<net::Socket>(loop, std::move(fd), writable, nullptr);
    if (done != 0) socket->await_connection();
    return socket;
}

}  // namespace

UpstreamAddress::UpstreamAddress(std::shared_ptr<base::PipeListener> app) noexcept : kind_(std::move(app)) {}
UpstreamAddress::UpstreamAddress(std::string socket) noexcept : kind_(std::move(socket)) {}
UpstreamAddress::UpstreamAddress(UpstreamServer& server) noexcept : kind_(&server) {}

UpstreamAddress UpstreamAddress::of_app(const Options& options) {
    return options.app_listener ? UpstreamAddress(options.app_listener) : UpstreamAddress(options.app_socket);
}

UpstreamAddress::Opened UpstreamAddress::open(net::Loop& loop) const {
    return std::visit([&loop](const auto& kind) { return open_one(loop, kind); }, kind_);
}

std::size_t UpstreamAddress::count() const { return server() ? server()->count_endpoints() : 1; }

std::uint32_t UpstreamAddress::generation() const noexcept { return server() ? server()->generation() : 0; }

}  // namespace bodega::edge
