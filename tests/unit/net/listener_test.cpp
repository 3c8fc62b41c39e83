#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "edge/listen_address.h"

using namespace bodega;

TEST_CASE("a port in use is one clear line", "[net][listener]") {
    std::vector<net::Listener> first = net::bind_listeners(edge::parse_listen_address("http://127.0.0.1:0"));
    REQUIRE(first.size() == 1);
    try {
        net::bind_listeners(edge::parse_listen_address(first[0].url));
        FAIL("bound twice");
    } catch (const base::Error& e) {
        CHECK(std::string_view(e.what()).find("in use") != std::string_view::npos);
    }
}

TEST_CASE("localhost listens on both loopback addresses with one port", "[net][listener]") {
    std::vector<net::Listener> bound = net::bind_listeners(edge::parse_listen_address("http://localhost:0"));
    REQUIRE(!bound.empty());
    CHECK(bound[0].url.starts_with("http://127.0.0.1:"));
    if (bound.size() == 2) CHECK(bound[1].url.substr(13) == bound[0].url.substr(17));
}

TEST_CASE("accepted sockets have TCP_NODELAY", "[net][listener]") {
    std::vector<net::Listener> bound = net::bind_listeners(edge::parse_listen_address("http://127.0.0.1:0"));
    int value = 0;
    socklen_t length = sizeof value;
    REQUIRE(::getsockopt(bound[0].fd.get(), IPPROTO_TCP, TCP_NODELAY, &value, &length) == 0);
    CHECK(value != 0);
}

TEST_CASE("an IPv4 peer of an IPv6 listener is shown as IPv4", "[net][listener]") {
    sockaddr_storage storage{};
    auto* peer = reinterpret_cast<sockaddr_in6*>(&storage);
    peer->sin6_family = AF_INET6;
    const unsigned char mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
    std::copy(std::begin(mapped), std::end(mapped), peer->sin6_addr.s6_addr);
    CHECK(net::peer_address(storage) == "192.0.2.1");
}
