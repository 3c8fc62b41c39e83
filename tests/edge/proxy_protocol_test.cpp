// Listeners with a PROXY header, plain and before TLS: the client's address, and refused headers.
#include <catch2/catch_test_macros.hpp>

#include "support/tls_edge_fixture.h"

using namespace bodega;
using namespace bodega::test;
using namespace std::string_literals;

namespace {

constexpr std::string_view kLive = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kHeader = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
const std::string kBinary = "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x08\xc6\x33\x64\x01\xdc\x04\x01\xbb"s;
const std::string kLocal = "\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00"s;

config::Edge settings() {
    config::Edge out = EdgeFixture::quick();
    out.listen = {"http://127.0.0.1:0 proxy_protocol"};
    return out;
}

std::string last_address(const EdgeFixture& fixture, std::size_t count) {
    REQUIRE(eventually([&] { return fixture.accesses().size() == count; }));
    return fixture.accesses().back().address;
}

}  // namespace

TEST_CASE("the client is the one that a PROXY header names", "[edge][proxy_header]") {
    EdgeFixture fixture(settings());
    std::size_t count = 0;
    for (auto [header, address] : {std::pair{kHeader, "192.0.2.7"}, std::pair{kBinary, "192.0.2.8"},
                                   std::pair{kLocal, "127.0.0.1"}, std::pair{"PROXY UNKNOWN\r\n"s, "127.0.0.1"}}) {
        RawClient client = fixture.client();
        CHECK(client.ask(header + std::string(kLive)).status == 200);
        CHECK(last_address(fixture, ++count) == address);
        CHECK(client.ask(kLive).status == 200);
        CHECK(last_address(fixture, ++count) == address);
    }
}

TEST_CASE("a PROXY header may be split anywhere", "[edge][proxy_header]") {
    EdgeFixture fixture(settings());
    for (const std::string& header : {kHeader, kBinary}) {
        std::string bytes = header + std::string(kLive);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            RawClient client = fixture.client();
            client.send(bytes.substr(0, cut));
            if (cut % 7 == 0) std::this_thread::sleep_for(1ms);
            client.send(bytes.substr(cut));
            REQUIRE(client.reply().status == 200);
        }
        RawClient client = fixture.client();
        for (char c : bytes) client.send(std::string(1, c));
        CHECK(client.reply().status == 200);
    }
}

TEST_CASE("a connection without its PROXY header is closed without an answer", "[edge][proxy_header]") {
    config::Edge quick = settings();
    quick.head_timeout = 300ms;
    EdgeFixture fixture(quick);
    for (const std::string& bytes : {std::string(kLive), "PROXY TCP4 x y 1 2\r\n"s, kHeader.substr(0, 20), ""s}) {
        RawClient client = fixture.client();
        client.send(bytes);
        CHECK(client.receive_all().empty());
        CHECK_FALSE(client.timed_out());
    }
    RawClient ended = fixture.client();
    ended.send(kHeader.substr(0, 20));
    ended.end_sending();
    CHECK(ended.receive_all().empty());
    CHECK(fixture.server().stats().requests == 0);
    CHECK(eventually([&] { return fixture.server().stats().open_connections == 0; }));
}

TEST_CASE("limits per address use the address of the PROXY header", "[edge][proxy_header]") {
    config::Edge few = settings();
    few.max_connections_per_address = 2;
    EdgeFixture fixture(few);
    auto header_of = [](int last) { return "PROXY TCP4 192.0.2." + std::to_string(last) + " 198.51.100.1 1 2\r\n"; };
    std::vector<std::unique_ptr<RawClient>> kept;
    for (int i = 0; i < 6; ++i) {
        kept.push_back(std::make_unique<RawClient>(fixture.url()));
        REQUIRE(kept.back()->ask(header_of(i % 3) + std::string(kLive)).status == 200);
    }
    RawClient third = fixture.client();
    third.send(header_of(1) + std::string(kLive));
    CHECK(third.receive_all().empty());
    CHECK(fixture.server().stats().refused_of_address == 1);
    kept.erase(kept.begin() + 1);
    CHECK(eventually([&] { return fixture.client().ask(header_of(1) + std::string(kLive)).status == 200; }));
}

TEST_CASE("a PROXY header before TLS", "[edge][proxy_header][tls]") {
    TlsEdgeFixture fixture([](config::Edge& edge) { edge.listen = {"https://127.0.0.1:0 proxy_protocol"}; });
    std::size_t count = 0;
    for (const std::string& header : {kHeader, kBinary}) {
        TlsWishes wishes;
        wishes.preface = header;
        TlsClient client = fixture.client(wishes);
        REQUIRE(client.connected());
        CHECK(client.ask(kLive).status == 200);
        CHECK(last_address(*fixture, ++count) == (header == kHeader ? "192.0.2.7" : "192.0.2.8"));
    }
    CHECK_FALSE(fixture.client().connected());
}
