#include "edge/listen_address.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

using namespace bodega;
using namespace bodega::edge;

TEST_CASE("addresses to listen on", "[edge][listen_address]") {
    CHECK(parse_listen_address("http://127.0.0.1:8080").hosts == std::vector<std::string>{"127.0.0.1"});
    CHECK(parse_listen_address("http://127.0.0.1:8080").port == 8080);
    CHECK(parse_listen_address("http://0.0.0.0").port == 80);
    CHECK(parse_listen_address("http://[::]:8080/").hosts == std::vector<std::string>{"::"});
    CHECK(parse_listen_address("http://[::1]").hosts == std::vector<std::string>{"::1"});
    CHECK(parse_listen_address("http://LocalHost:0").hosts == std::vector<std::string>{"127.0.0.1", "::1"});
    CHECK(parse_listen_address("http://0.0.0.0 redirect").options.redirects);
    CHECK(parse_listen_address("http://0.0.0.0 redirect").options.redirect_port == 0);
    CHECK(parse_listen_address("http://0.0.0.0 proxy_protocol redirect=8443").options.redirect_port == 8443);
}

TEST_CASE("malformed addresses are refused with the reason, in one line", "[edge][listen_address]") {
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
