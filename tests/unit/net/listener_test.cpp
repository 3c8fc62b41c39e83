#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

using namespace bodega;
using namespace bodega::edge;

TEST_CASE("addresses to listen on", "[edge][listener]") {
    CHECK(parse_listen_address("http://127.0.0.1:8080").hosts == std::vector<std::string>{"127.0.0.1"});
    CHECK(parse_listen_address("http://127.0.0.1:8080").port == 8080);
    CHECK(parse_listen_address("http://0.0.0.0").port == 80);
    CHECK(parse_listen_address("http://[::]:8080/").hosts == std::vector<std::string>{"::"});
    CHECK(parse_listen_address("http://[::1]").hosts == std::vector<std::string>{"::1"});
    CHECK(parse_listen_address("http://LocalHost:0").hosts == std::vector<std::string>{"127.0.0.1", "::1"});
    CHECK(parse_listen_address("http://0.0.0.0 redirect").manner.redirects);
    CHECK(parse_listen_address("http://0.0.0.0 redirect").manner.redirect_port == 0);
    CHECK(parse_listen_address("http://0.0.0.0 proxy_protocol redirect=8443").manner.redirect_port == 8443);
}

TEST_CASE("addresses that are none say why, in one line", "[edge][listener]") {
    for (std::string_view url : {"",
                                 "127.0.0.1:8080",
                                 "ftp://127.0.0.1",
                                 "http://",
                                 "http://:80",
                                 "http://example.org",
                                 "http://127.0.0.1:65536",
                                 "http://127.0.0.1:",
                                 "http://127.0.0.1:x",
                                 "http://[::1",
                                 "http://::1:80",
                                 "http://[::1]x",
                                 "http://127.0.0.1:80/path",
                                 "http://256.0.0.1",
                                 "http://127.0.0.1 fast",
                                 "https://127.0.0.1 redirect",
                                 "http://127.0.0.1 redirect=0",
                                 "http://127.0.0.1 redirect=65536",
                                 "http://127.0.0.1 redirect=",
                                 "http://127.0.0.1 redirects"}) {
        INFO(url);
        try {
            parse_listen_address(url);
            FAIL("accepted");
        } catch (const base::Error& e) {
            CHECK(e.code() == base::Code::config_invalid);
            CHECK(std::string_view(e.what()).find('\n') == std::string_view::npos);
            CHECK(std::string_view(e.what()).find(url) != std::string_view::npos);
        }
    }
}

TEST_CASE("a port in use is one clear line", "[edge][listener]") {
    std::vector<Listener> first = bind_listeners(parse_listen_address("http://127.0.0.1:0"));
    REQUIRE(first.size() == 1);
    try {
        bind_listeners(parse_listen_address(first[0].url));
        FAIL("bound twice");
    } catch (const base::Error& e) {
        CHECK(std::string_view(e.what()).find("in use") != std::string_view::npos);
    }
}

TEST_CASE("localhost is both loopbacks on one port", "[edge][listener]") {
    std::vector<Listener> bound = bind_listeners(parse_listen_address("http://localhost:0"));
    REQUIRE(!bound.empty());
    CHECK(bound[0].url.starts_with("http://127.0.0.1:"));
    if (bound.size() == 2) CHECK(bound[1].url.substr(13) == bound[0].url.substr(17));
}

TEST_CASE("accepted sockets send without delay", "[edge][listener]") {
    std::vector<Listener> bound = bind_listeners(parse_listen_address("http://127.0.0.1:0"));
    int value = 0;
    socklen_t length = sizeof value;
    REQUIRE(::getsockopt(bound[0].fd.get(), IPPROTO_TCP, TCP_NODELAY, &value, &length) == 0);
    CHECK(value != 0);
}

TEST_CASE("an IPv4 peer of an IPv6 listener is shown as IPv4", "[edge][listener]") {
    sockaddr_storage storage{};
    auto* peer = reinterpret_cast<sockaddr_in6*>(&storage);
    peer->sin6_family = AF_INET6;
    const unsigned char mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
    std::copy(std::begin(mapped), std::end(mapped), peer->sin6_addr.s6_addr);
    CHECK(peer_address(storage) == "192.0.2.1");
}
