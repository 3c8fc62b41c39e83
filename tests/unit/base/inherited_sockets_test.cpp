// Listening sockets that a process inherited at its start.
#include "base/inherited_sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

using namespace bodega::base;

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

const sockaddr& any(const sockaddr_in& address) { return reinterpret_cast<const sockaddr&>(address); }

struct Bound {
    int fd;
    sockaddr_in address;

    explicit Bound(bool listens = true) : fd(::socket(AF_INET, SOCK_STREAM, 0)), address(loopback(0)) {
        REQUIRE(::bind(fd, &any(address), sizeof address) == 0);
        if (listens) REQUIRE(::listen(fd, 1) == 0);
        socklen_t length = sizeof address;
        REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    }
};

}  // namespace

TEST_CASE("an inherited socket is claimed by its address, once") {
    Bound bound;
    InheritedSockets sockets({{bound.fd, true}});
    sockaddr_in other = loopback(static_cast<std::uint16_t>(ntohs(bound.address.sin_port) ^ 1));
    CHECK_FALSE(sockets.claim(any(other), sizeof other).fd);
    InheritedSockets::Claimed claimed = sockets.claim(any(bound.address), sizeof bound.address);
    REQUIRE(claimed.fd.get() == bound.fd);
    CHECK(claimed.kept_elsewhere);
    CHECK((::fcntl(bound.fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(bound.fd, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK_FALSE(sockets.claim(any(bound.address), sizeof bound.address).fd);
    CHECK(sockets.empty());
}

TEST_CASE("port 0 matches any socket; another address or a socket that does not listen matches none") {
    Bound bound, silent(false);
    InheritedSockets sockets({{silent.fd, false}, {bound.fd, false}});
    sockaddr_in everywhere = loopback(0);
    everywhere.sin_addr.s_addr = INADDR_ANY;
    CHECK_FALSE(sockets.claim(any(everywhere), sizeof everywhere).fd);
    sockaddr_in free = loopback(0);
    CHECK(sockets.claim(any(free), sizeof free).fd.get() == bound.fd);
}

TEST_CASE("an inherited socket that nobody claims is closed and logged") {
    Bound bound;
    InheritedSockets sockets({{bound.fd, false}});
    std::vector<std::string> rest = sockets.close_rest();
    REQUIRE(rest.size() == 1);
    CHECK(rest[0] == "127.0.0.1:" + std::to_string(ntohs(bound.address.sin_port)));
    CHECK(::fcntl(bound.fd, F_GETFD) == -1);
}

TEST_CASE("sockets for another process id are not taken") {
    ::setenv("LISTEN_PID", "1", 1);
    ::setenv("LISTEN_FDS", "3", 1);
    CHECK(InheritedSockets::from_environment()->empty());
    CHECK(std::getenv("LISTEN_FDS") == nullptr);
}
