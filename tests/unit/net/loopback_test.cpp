#include "net/loopback.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "base/fd.h"

namespace bodega::net {
namespace {

sockaddr_storage address_of(const std::string& text) {
    sockaddr_storage storage{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) storage.ss_family = AF_INET;
    else if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) storage.ss_family = AF_INET6;
    return storage;
}

std::string control_of(int socket) {
    char name[32] = {};
    socklen_t length = sizeof name;
    ::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name, &length);
    return name;
}

}  // namespace

TEST_CASE("which addresses are this machine's own") {
    CHECK(is_loopback(address_of("127.0.0.1")));
    CHECK(is_loopback(address_of("127.8.9.10")));
    CHECK(is_loopback(address_of("::1")));
    CHECK_FALSE(is_loopback(address_of("0.0.0.0")));
    CHECK_FALSE(is_loopback(address_of("::")));
    CHECK_FALSE(is_loopback(address_of("128.0.0.1")));
    CHECK_FALSE(is_loopback(address_of("::ffff:192.0.2.1")));
    CHECK_FALSE(is_loopback(sockaddr_storage{}));
}

TEST_CASE("connections over a network keep the system's congestion control") {
    const base::Fd near(::socket(AF_INET, SOCK_STREAM, 0)), far(::socket(AF_INET, SOCK_STREAM, 0));
    const std::string before = control_of(far.get());
    disable_pacing(near.get(), address_of("127.0.0.1"));
    disable_pacing(far.get(), address_of("192.0.2.1"));
    CHECK(control_of(near.get()) == "reno");
    CHECK(control_of(far.get()) == before);
}

}  // namespace bodega::net
