#include "base/inherited_sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace bodega::base {
namespace {

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START: the number of the first passed descriptor
constexpr int kMax = 256;

struct Address {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;

    sa_family_t family() const noexcept { return storage.ss_family; }
    const sockaddr_in& v4() const noexcept { return reinterpret_cast<const sockaddr_in&>(storage); }
    const sockaddr_in6& v6() const noexcept { return reinterpret_cast<const sockaddr_in6&>(storage); }
    std::string_view path() const noexcept { return reinterpret_cast<const sockaddr_un&>(storage).sun_path; }
};

int environment_number(const char* name) {
    const char* text = std::getenv(name);
    int number = 0;
    if (!text) return 0;
    auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
    return error == std::errc() && *end == '\0' ? number : 0;
}

// Splits LISTEN_FDNAMES, such as "a:b:c".
std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    const char* text = std::getenv("LISTEN_FDNAMES");
    std::string_view rest = text ? text : "";
    while (!rest.empty()) {
        std::size_t colon = std::min(rest.find(':'), rest.size());
        names.emplace_back(rest.substr(0, colon));
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return names;
}

bool is_listening_stream(int fd) {
    auto option = [fd](int name) {
        int value = 0;
        socklen_t length = sizeof value;
        return ::getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
    };
    return option(SO_TYPE) == SOCK_STREAM && option(SO_ACCEPTCONN) == 1;
}

std::optional<Address> address_of(int fd) {
    Address address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) return std::nullopt;
    return address;
}

// Returns true if a socket bound to `bound` can listen for `wanted`. Port 0 in `wanted` matches any port.
bool fits(const Address& bound, const Address& wanted) {
    if (bound.family() != wanted.family()) return false;
    if (bound.family() == AF_UNIX) return bound.path() == wanted.path();
    if (bound.family() == AF_INET) {
        bool port = wanted.v4().sin_port == 0 || wanted.v4().sin_port == bound.v4().sin_port;
        return port && wanted.v4().sin_addr.s_addr == bound.v4().sin_addr.s_addr;
    }
    bool port = wanted.v6().sin6_port == 0 || wanted.v6().sin6_port == bound.v6().sin6_port;
    return port && std::memcmp(&wanted.v6().sin6_addr, &bound.v6().sin6_addr, sizeof(in6_addr)) == 0;
}

std::string text_of(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (address.family() == AF_UNIX) return std::string(address.path());
    if (address.family() == AF_INET) {
        ::inet_ntop(AF_INET, &address.v4().sin_addr, host.data(), host.size());
        return std::string(host.data()) + ":" + std::to_string(ntohs(address.v4().sin_port));
    }
    ::inet_ntop(AF_INET6, &address.v6().sin6_addr, host.data(), host.size());
    return "[" + std::string(host.data()) + "]:" + std::to_string(ntohs(address.v6().sin6_port));
}

}  // namespace

std::shared_ptr<InheritedSockets> InheritedSockets::from_environment() {
    std::vector<ListeningSocket> sockets;
    if (environment_number("LISTEN_PID") == ::getpid()) {
        std::vector<std::string> names = environment_names();
        int count = std::clamp(environment_number("LISTEN_FDS"), 0, kMax);
        for (int i = 0; i < count; ++i) {
            auto at = static_cast<std::size_t>(i);
            sockets.push_back({kFirst + i, at >= names.size() || names[at] != kOurs});
        }
    }
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
    return std::make_shared<InheritedSockets>(std::move(sockets));  // owned by every object that binds listeners
}

InheritedSockets::InheritedSockets(std::vector<ListeningSocket> sockets) : sockets_(std::move(sockets)) {
    for (const ListeningSocket& socket : sockets_) {
        ::fcntl(socket.fd, F_SETFD, FD_CLOEXEC);
        ::fcntl(socket.fd, F_SETFL, ::fcntl(socket.fd, F_GETFL) | O_NONBLOCK);
    }
}

InheritedSockets::~InheritedSockets() { close_rest(); }

InheritedSockets::Claimed InheritedSockets::claim(const sockaddr& address, socklen_t length) {
    Address wanted;
    std::memcpy(&wanted.storage, &address, std::min<std::size_t>(length, sizeof wanted.storage));
    const MutexLock lock(mutex_);
    auto found = std::find_if(sockets_.begin(), sockets_.end(), [&](const ListeningSocket& socket) {
        auto bound = address_of(socket.fd);
        return bound && fits(*bound, wanted) && is_listening_stream(socket.fd);
    });
    if (found == sockets_.end()) return {};
    Claimed claimed{Fd(found->fd), found->kept_elsewhere};
    sockets_.erase(found);
    return claimed;
}

bool InheritedSockets::empty() const {
    const MutexLock lock(mutex_);
    return sockets_.empty();
}

std::vector<std::string> InheritedSockets::close_rest() {
    const MutexLock lock(mutex_);
    std::vector<std::string> addresses;
    for (const ListeningSocket& socket : sockets_) {
        auto bound = address_of(socket.fd);
        addresses.push_back(bound ? text_of(*bound) : "no socket");
        Fd closes(socket.fd);
    }
    sockets_.clear();
    return addresses;
}

}  // namespace bodega::base
