#include "web/proxies.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "base/error.h"

namespace bodega::web {
namespace {

using Address = std::array<std::uint8_t, 16>;

std::optional<Address> parse_address(std::string_view text) {
    if (text.empty() || text.size() > 45) return std::nullopt;
    std::string terminated(text);
    Address address{};
    if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
    address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (::inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1) return address;
    return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// "[2001:db8::1]:4711", "192.0.2.1:80" and bare addresses.
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
    std::size_t colon = text.find(':');
    return colon != std::string_view::npos && text.rfind(':') == colon ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
    std::size_t slash = text.find('/');
    std::string_view host = text.substr(0, slash);
    auto address = parse_address(host);
    if (!address) return std::nullopt;
    Network network;
    network.prefix_ = *address;
    if (slash == std::string_view::npos) return network;
    std::string_view bits = text.substr(slash + 1);
    int offset = host.find(':') == std::string_view::npos ? 96 : 0;
    auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits_);
    if (error != std::errc() || end != bits.data() + bits.size() || network.bits_ < 0) return std::nullopt;
    network.bits_ += offset;
    if (network.bits_ > 128) return std::nullopt;
    return network;
}

bool Network::contains(std::string_view text) const {
    auto address = parse_address(text);
    if (!address) return false;
    auto whole = static_cast<std::size_t>(bits_ / 8);
    if (std::memcmp(address->data(), prefix_.data(), whole) != 0) return false;
    int rest = bits_ % 8;
    if (rest == 0) return true;
    return ((*address)[whole] ^ prefix_[whole]) >> (8 - rest) == 0;
}

Proxies::Proxies(const std::vector<std::string>& networks) {
    for (const std::string& text : networks) {
        auto network = Network::parse(text);
        if (!network)
            throw base::Error(base::Code::config_invalid,
                              "app.trusted_proxies: \"" + text + "\" is no network; write it like 10.0.0.0/8");
        networks_.push_back(*network);
    }
}

bool Proxies::trusts(std::string_view address) const {
    for (const Network& network : networks_)
        if (network.contains(address)) return true;
    return false;
}

std::string Proxies::client_address(std::string_view peer, std::string_view forwarded_for) const {
    std::string_view client = peer;
    while (!forwarded_for.empty()) {
        std::size_t comma = forwarded_for.rfind(',');
        std::string_view last = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
        forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
        std::string_view address = without_port(trimmed(last));
        if (!parse_address(address)) break;
        client = address;
        if (!trusts(client)) break;
    }
    return std::string(client);
}

}  // namespace bodega::web
