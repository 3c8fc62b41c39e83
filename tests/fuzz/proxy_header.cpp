// Headers of the PROXY protocol: one length however they are split, and never longer than what may be read ahead.
#include "edge/proxy_header.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "fuzz/seeds.h"

using namespace bodega;
using edge::ProxyHeader;
using fuzz::require;

namespace {

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);

std::string version2(unsigned char command, unsigned char family, const std::string& rest) {
    std::string out(kSignature);
    out += static_cast<char>(command);
    out += static_cast<char>(family);
    out += static_cast<char>(rest.size() >> 8);
    out += static_cast<char>(rest.size() & 0xff);
    return out + rest;
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    const std::string of_ipv4 = std::string("\xc0\x00\x02\x01\xc6\x33\x64\x01\x12\x34\x01\xbb", 12);
    const std::string of_ipv6 = std::string(32, '\x20') + std::string("\x12\x34\x01\xbb", 4);
    return {"PROXY TCP4 192.0.2.1 198.51.100.1 4660 443\r\nGET / HTTP/1.1\r\n",
            "PROXY TCP6 2001:db8::1 2001:db8::2 4660 443\r\n",
            "PROXY UNKNOWN\r\n",
            "PROXY UNKNOWN and more of it\r\n",
            version2(0x21, 0x11, of_ipv4) + "GET / HTTP/1.1\r\n",
            version2(0x21, 0x21, of_ipv6),
            version2(0x20, 0x00, ""),
            version2(0x21, 0x11, of_ipv4 + std::string("\x01\x00\x02h2", 5)),
            version2(0x21, 0x11, of_ipv4 + std::string("\x03\x00\x04\x00\x00\x00\x00", 7)),
            version2(0x21, 0x31, std::string(216, 'u'))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ProxyHeader header = ProxyHeader::read(bytes);
    if (header.state != ProxyHeader::State::whole) {
        // More bytes never change an earlier result.
        if (header.state == ProxyHeader::State::malformed)
            require(ProxyHeader::read(std::string(bytes) + "x").state == ProxyHeader::State::malformed,
                    "a second thought");
        return 0;
    }
    require(header.length > 0 && header.length <= std::min(bytes.size(), ProxyHeader::kMax), "a length");
    ProxyHeader alone = ProxyHeader::read(bytes.substr(0, header.length));
    require(alone.state == ProxyHeader::State::whole && alone.length == header.length, "what follows it changes it");
    for (std::size_t cut = 0; cut < header.length; ++cut)
        require(ProxyHeader::read(bytes.substr(0, cut)).state == ProxyHeader::State::incomplete, "a part of it");
    return 0;
}
