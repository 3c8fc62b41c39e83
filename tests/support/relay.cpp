#include "support/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>

namespace bodega::test {
namespace {

constexpr int kLookForStop = 20;  // milliseconds
constexpr std::chrono::milliseconds kLate{300};

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

base::Fd tcp_socket() {
    base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) throw std::system_error(errno, std::generic_category(), "socket");
    return socket;
}

bool readable(int fd, int limit) {
    pollfd one{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, limit) > 0;
}

std::string read_some(int fd) {
    std::string bytes(64 << 10, '\0');
    const ssize_t n = ::read(fd, bytes.data(), bytes.size());
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

Relay::Relay(int target_port) : target_port_(target_port), listener_(tcp_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this](std::stop_token stop) { accept_all(stop); });
}

Relay::~Relay() {
    acceptor_.request_stop();
    acceptor_.join();
    connections_.clear();
}

void Relay::accept_all(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (!readable(listener_.get(), kLookForStop)) continue;
        base::Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        connections_.emplace_back([this, fd = client.release()](std::stop_token own) { serve(own, base::Fd(fd)); });
    }
}

void Relay::serve(std::stop_token stop, base::Fd client) {
    base::Fd server = tcp_socket();
    const sockaddr_in address = loopback(target_port_);
    if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    while (!stop.stop_requested()) {
        pollfd both[] = {{.fd = client.get(), .events = POLLIN, .revents = 0},
                         {.fd = server.get(), .events = POLLIN, .revents = 0}};
        if (::poll(both, 2, kLookForStop) <= 0) continue;
        if (both[1].revents != 0) {
            const std::string bytes = read_some(server.get());
            if (bytes.empty() || !write_all(client.get(), bytes)) return;
        }
        if (both[0].revents != 0 && !pass_from_client(client, server)) return;
    }
}

// False when the connection is over.
bool Relay::pass_from_client(base::Fd& client, base::Fd& server) {
    const std::string bytes = read_some(client.get());
    if (bytes.empty()) return false;
    // COM_QUERY and its text; "READ-COMMITTED" is something else.
    if (bytes.find("\3COMMIT") != bytes.npos) {
        const Cut cut = cut_.exchange(Cut::none);
        if (cut != Cut::none) {
            ++cuts_;
            carry_out(cut, client, server, bytes);
            return false;
        }
    }
    return write_all(server.get(), bytes);
}

void Relay::carry_out(Cut cut, base::Fd& client, base::Fd& server, const std::string& bytes) {
    if (cut == Cut::after && write_all(server.get(), bytes)) readable(server.get(), 5000);
    if (cut != Cut::late) return;
    client.reset();
    std::this_thread::sleep_for(kLate);
    if (write_all(server.get(), bytes)) readable(server.get(), 1000);
}

}  // namespace bodega::test
