#include "edge/proxy_header.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "http/syntax.h"

namespace bodega::edge {
namespace {

using State = ProxyHeader::State;
using namespace std::string_view_literals;

constexpr std::string_view kSignature1 = "PROXY "sv;
constexpr std::string_view kSignature2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t kLongest1 = 107;
constexpr std::size_t kFixed2 = 16;

constexpr ProxyHeader kMalformed{State::malformed, 0, std::nullopt};

bool may_become(std::string_view bytes, std::string_view signature) {
    return bytes.substr(0, signature.size()) == signature.substr(0, std::min(bytes.size(), signature.size()));
}

// bytes: an in_addr if the family is AF_INET, otherwise an in6_addr.
sockaddr_storage make_source(sa_family_t family, const void* bytes, std::uint16_t port) {
    sockaddr_storage out{};
    out.ss_family = family;
    if (family == AF_INET) {
        auto* v4 = reinterpret_cast<sockaddr_in*>(&out);
        std::memcpy(&v4->sin_addr, bytes, sizeof v4->sin_addr);
        v4->sin_port = htons(port);
    } else {
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&out);
        std::memcpy(&v6->sin6_addr, bytes, sizeof v6->sin6_addr);
        v6->sin6_port = htons(port);
    }
    return out;
}

// --- version 1: "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"

// Removes the first token from `text` and returns it. Tokens are separated by blanks.
std::string_view next_token(std::string_view& text) {
    std::string_view token = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), token.size() + 1));
    return token;
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    auto number = http::decimal(text);
    bool canonical = text == "0" || (!text.empty() && text[0] != '0');
    if (!number || *number > 65535 || !canonical) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::optional<sockaddr_storage> read_endpoints(std::string_view text) {
    if (text.find('\0') != text.npos) return std::nullopt;  // inet_pton would ignore the text after a NUL
    sa_family_t family = next_token(text) == "TCP4" ? AF_INET : AF_INET6;
    std::array<unsigned char, 16> source{}, destination{};
    std::string source_text(next_token(text)), destination_text(next_token(text));
    std::string_view source_port = next_token(text);
    auto port = read_port(source_port);
    if (!port || !read_port(text) || ::inet_pton(family, source_text.c_str(), source.data()) != 1 ||
        ::inet_pton(family, destination_text.c_str(), destination.data()) != 1)
        return std::nullopt;
    return make_source(family, source.data(), *port);
}

ProxyHeader read_1(std::string_view bytes) {
    std::size_t end = bytes.substr(0, kLongest1).find('\n');
    if (end == bytes.npos) return bytes.size() < kLongest1 ? ProxyHeader{} : kMalformed;
    if (bytes[end - 1] != '\r') return kMalformed;
    ProxyHeader out{State::whole, end + 1, std::nullopt};
    std::string_view line = bytes.substr(kSignature1.size(), end - 1 - kSignature1.size());
    // After UNKNOWN the balancer may write anything, so the rest of the line is ignored.
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return out;
    if (!line.starts_with("TCP4 ") && !line.starts_with("TCP6 ")) return kMalformed;
    out.source = read_endpoints(line);
    return out.source ? out : kMalformed;
}

// --- version 2: binary, with TLVs after the addresses

constexpr unsigned kLocal = 0x20;  // values of the byte that has the version and the command
constexpr unsigned kProxy = 0x21;
constexpr unsigned kTcp4 = 0x11;  // values of the byte that has the address family and the transport
constexpr unsigned kTcp6 = 0x21;
constexpr unsigned kUnixStream = 0x31;
constexpr unsigned kUnspecified = 0x00;
constexpr unsigned kTlvChecksum = 0x03;
constexpr std::size_t kUnixLength = 216;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
std::size_t short_at(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

// CRC-32C (RFC 4960 appendix B) of the header. The four bytes of the checksum at `hole` count as zeros.
std::uint32_t checksum(std::string_view header, std::size_t hole) {
    std::uint32_t crc = 0xffffffff;
    for (std::size_t i = 0; i < header.size(); ++i) {
        crc ^= i >= hole && i < hole + 4 ? 0 : byte_at(header, i);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return ~crc;
}

// True if the TLVs, which begin at `at`, end exactly at the header's end, and a checksum, if present, is correct.
bool tlvs_hold(std::string_view header, std::size_t at) {
    while (at < header.size()) {
        if (header.size() - at < 3) return false;
        std::size_t length = short_at(header, at + 1);
        std::size_t value = at + 3;
        if (header.size() - value < length) return false;
        if (byte_at(header, at) == kTlvChecksum) {
            if (length != 4) return false;
            std::uint32_t declared =
                static_cast<std::uint32_t>(short_at(header, value) << 16 | short_at(header, value + 2));
            if (declared != checksum(header, value)) return false;
        }
        at = value + length;
    }
    return true;
}

// Returns the length of the addresses in bytes, or std::nullopt if `family` is not one of streams (for example UDP).
std::optional<std::size_t> addresses_of(unsigned family) {
    switch (family) {
        case kTcp4: return 12;
        case kTcp6: return 36;
        case kUnixStream: return kUnixLength;
        case kUnspecified: return 0;
        default: return std::nullopt;
    }
}

ProxyHeader read_2(std::string_view bytes) {
    if (bytes.size() > 12 && byte_at(bytes, 12) != kLocal && byte_at(bytes, 12) != kProxy) return kMalformed;
    if (bytes.size() < kFixed2) return {};
    std::size_t length = kFixed2 + short_at(bytes, 14);
    if (length > ProxyHeader::kMax) return kMalformed;
    if (bytes.size() < length) return {};
    ProxyHeader out{State::whole, length, std::nullopt};
    // The balancer sends LOCAL for connections of its own, such as health checks. The addresses after it mean nothing.
    if (byte_at(bytes, 12) == kLocal) return out;
    unsigned family = byte_at(bytes, 13);
    auto addresses = addresses_of(family);
    if (!addresses || length - kFixed2 < *addresses) return kMalformed;
    // The TLVs are not checked if the family is unspecified, since their start is then unknown.
    if (family != kUnspecified && !tlvs_hold(bytes.substr(0, length), kFixed2 + *addresses)) return kMalformed;
    if (family == kTcp4)
        out.source = make_source(AF_INET, &bytes[kFixed2], static_cast<std::uint16_t>(short_at(bytes, kFixed2 + 8)));
    if (family == kTcp6)
        out.source = make_source(AF_INET6, &bytes[kFixed2], static_cast<std::uint16_t>(short_at(bytes, kFixed2 + 32)));
    return out;
}

}  // namespace

ProxyHeader ProxyHeader::read(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (may_become(bytes, kSignature2)) return bytes.size() < kSignature2.size() ? ProxyHeader{} : read_2(bytes);
    if (may_become(bytes, kSignature1)) return bytes.size() < kSignature1.size() ? ProxyHeader{} : read_1(bytes);
    return kMalformed;
}

}  // namespace bodega::edge
