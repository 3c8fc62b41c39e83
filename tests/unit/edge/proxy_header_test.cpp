// Headers of the PROXY protocol: vectors, each checked after every byte.
#include "edge/proxy_header.h"

#include <netinet/in.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "net/listener.h"

using namespace bodega::edge;
using namespace std::string_literals;

namespace {

using State = ProxyHeader::State;

struct Vector {
    std::string_view name;
    std::string bytes;
    State state;
    std::string_view source;  // "address port"; empty: none
};

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string v2(char command, char family, const std::string& rest) {
    auto length = rest.size();
    return kSignature + command + family + static_cast<char>(length >> 8) + static_cast<char>(length & 0xff) + rest;
}

const std::string kAddresses4 = "\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb"s;
const std::string kAddresses6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01" + "\x20\x01\x0d\xb8"s +
                                std::string(11, '\0') + "\x02" + "\xdc\x04\x01\xbb"s;
const std::string kNoop = "\x04\x00\x02xy"s;

const std::array kVectors{
    Vector{"1: TCP4", "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", State::whole, "192.0.2.1 56324"},
    Vector{"1: TCP6", "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n", State::whole, "2001:db8::1 56324"},
    Vector{"1: the longest TCP6",
           "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
           State::whole, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535"},
    Vector{"1: UNKNOWN", "PROXY UNKNOWN\r\n", State::whole, ""},
    Vector{"1: UNKNOWN and what is to be ignored",
           "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"
           "\r\n",
           State::whole, ""},
    Vector{"1: port 0", "PROXY TCP4 192.0.2.1 198.51.100.1 0 443\r\n", State::whole, "192.0.2.1 0"},
    Vector{"1: a bare LF", "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\n", State::malformed, ""},
    Vector{"1: lower case", "proxy TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", State::malformed, ""},
    Vector{"1: UDP4", "PROXY UDP4 192.0.2.1 198.51.100.1 56324 443\r\n", State::malformed, ""},
    Vector{"1: UNKNOWNS", "PROXY UNKNOWNS\r\n", State::malformed, ""},
    Vector{"1: an address of the other family", "PROXY TCP4 2001:db8::1 198.51.100.1 56324 443\r\n", State::malformed,
           ""},
    Vector{"1: no address", "PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n", State::malformed, ""},
    Vector{"1: two blanks", "PROXY TCP4  192.0.2.1 198.51.100.1 56324 443\r\n", State::malformed, ""},
    Vector{"1: a blank behind", "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 \r\n", State::malformed, ""},
    Vector{"1: a word too many", "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 1\r\n", State::malformed, ""},
    Vector{"1: a word missing", "PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n", State::malformed, ""},
    Vector{"1: a port too large", "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n", State::malformed, ""},
    Vector{"1: a port with a zero before it", "PROXY TCP4 192.0.2.1 198.51.100.1 080 443\r\n", State::malformed, ""},
    Vector{"1: a port with a sign", "PROXY TCP4 192.0.2.1 198.51.100.1 +80 443\r\n", State::malformed, ""},
    Vector{"1: a NUL in an address", "PROXY TCP4 192.0.2.1\0 198.51.100.1 80 443\r\n"s, State::malformed, ""},
    Vector{"1: too long", "PROXY UNKNOWN " + std::string(100, 'x') + "\r\n", State::malformed, ""},
    Vector{"1: without end", "PROXY UNKNOWN " + std::string(1000, 'x'), State::malformed, ""},
    Vector{"none: a request", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", State::malformed, ""},
    Vector{"none: a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00"s, State::malformed, ""},
    Vector{"none: PROXYS", "PROXYS TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", State::malformed, ""},

    Vector{"2: TCP4", v2('\x21', '\x11', kAddresses4), State::whole, "192.0.2.1 56324"},
    Vector{"2: TCP6", v2('\x21', '\x21', kAddresses6), State::whole, "2001:db8::1 56324"},
    Vector{"2: TCP4 and a TLV", v2('\x21', '\x11', kAddresses4 + kNoop), State::whole, "192.0.2.1 56324"},
    Vector{"2: a unix socket", v2('\x21', '\x31', std::string(216, '\0')), State::whole, ""},
    Vector{"2: LOCAL", v2('\x20', '\0', ""), State::whole, ""},
    Vector{"2: LOCAL with addresses to be skipped", v2('\x20', '\x11', kAddresses4), State::whole, ""},
    Vector{"2: LOCAL of a family that nobody knows", v2('\x20', '\x7f', "abc"), State::whole, ""},
    Vector{"2: unspecified", v2('\x21', '\0', "abc"), State::whole, ""},
    Vector{"2: a checksum that is right", v2('\x21', '\x11', kAddresses4 + "\x03\x00\x04\x73\x7e\xe9\x19"s),
           State::whole, "192.0.2.1 56324"},
    Vector{"2: a checksum that is wrong", v2('\x21', '\x11', kAddresses4 + "\x03\x00\x04\x73\x7e\xe9\x1a"s),
           State::malformed, ""},
    Vector{"2: a checksum of the wrong length", v2('\x21', '\x11', kAddresses4 + "\x03\x00\x03\x00\x00\x00"s),
           State::malformed, ""},
    Vector{"2: version 1", v2('\x11', '\x11', kAddresses4), State::malformed, ""},
    Vector{"2: version 3", v2('\x31', '\x11', kAddresses4), State::malformed, ""},
    Vector{"2: a command that nobody knows", v2('\x22', '\x11', kAddresses4), State::malformed, ""},
    Vector{"2: UDP", v2('\x21', '\x12', kAddresses4), State::malformed, ""},
    Vector{"2: addresses cut short", v2('\x21', '\x11', kAddresses4.substr(1)), State::malformed, ""},
    Vector{"2: a TLV longer than the header", v2('\x21', '\x11', kAddresses4 + "\x04\x00\x03xy"s), State::malformed,
           ""},
    Vector{"2: a TLV cut short", v2('\x21', '\x11', kAddresses4 + "\x04\x00"s), State::malformed, ""},
    Vector{"2: the longest", v2('\x20', '\0', std::string(ProxyHeader::kMax - 16, 'x')), State::whole, ""},
    Vector{"2: too long", v2('\x20', '\0', std::string(ProxyHeader::kMax - 15, 'x')), State::malformed, ""},
};

std::string shown(const std::optional<sockaddr_storage>& source) {
    if (!source) return "";
    in_port_t port = source->ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&*source)->sin6_port
                                                   : reinterpret_cast<const sockaddr_in*>(&*source)->sin_port;
    return bodega::net::peer_address(*source) + " " + std::to_string(ntohs(port));
}

}  // namespace

TEST_CASE("PROXY headers, complete and with bytes after them", "[edge][proxy_header]") {
    for (const Vector& vector : kVectors) {
        INFO(vector.name);
        for (const char* behind : {"", "G", "GET / HTTP/1.1\r\n\r\n", "PROXY "}) {
            ProxyHeader header = ProxyHeader::read(vector.bytes + behind);
            REQUIRE(header.state == vector.state);
            if (header.state != State::whole) continue;
            CHECK(header.length == vector.bytes.size());
            CHECK(shown(header.source) == vector.source);
        }
    }
}

TEST_CASE("PROXY headers, split after every byte", "[edge][proxy_header]") {
    for (const Vector& vector : kVectors) {
        INFO(vector.name);
        bool refused = false;
        for (std::size_t count = 0; count < vector.bytes.size(); ++count) {
            INFO(count);
            State state = ProxyHeader::read(std::string_view(vector.bytes).substr(0, count)).state;
            // A refusal is final, and a valid header is never refused on the way.
            REQUIRE(state != State::whole);
            REQUIRE((state == State::incomplete || vector.state == State::malformed));
            REQUIRE((state == State::malformed || !refused));
            refused = state == State::malformed;
        }
    }
}
