#include "base/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/error.h"

namespace bodega::base {

std::optional<Address> parse_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.empty() || text.size() >= terminated.size()) return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    if (std::strlen(terminated.data()) != text.size()) return std::nullopt;
    Address address{};
    if (::inet_pton(AF_INET6, terminated.data(), address.data()) == 1) return address;
    address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (::inet_pton(AF_INET, terminated.data(), address.data() + 12) == 1) return address;
    return std::nullopt;
}

std::string address_text(const Address& address) {
    static constexpr Address kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::array<char, INET6_ADDRSTRLEN> text{};
    bool v4 = std::equal(address.begin(), address.begin() + 12, kMapped.begin());
    ::inet_ntop(v4 ? AF_INET : AF_INET6, address.data() + (v4 ? 12 : 0), text.data(), text.size());
    return text.data();
}

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

bool Network::contains(const Address& address) const noexcept {
    auto whole = static_cast<std::size_t>(bits_ / 8);
    if (std::memcmp(address.data(), prefix_.data(), whole) != 0) return false;
    int rest = bits_ % 8;
    if (rest == 0) return true;
    return (address[whole] ^ prefix_[whole]) >> (8 - rest) == 0;
}

bool Network::contains(std::string_view text) const {
    auto address = parse_address(text);
    return address && contains(*address);
}

Networks::Networks(std::string_view key, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        auto network = Network::parse(text);
        if (!network)
            throw Error(Code::config_invalid,
                        std::string(key) + ": \"" + text + "\" is not a network; write it like 10.0.0.0/8");
        networks_.push_back(*network);
    }
}

bool Networks::contain(std::string_view text) const {
    if (networks_.empty()) return false;
    auto address = parse_address(text);
    return address && std::any_of(networks_.begin(), networks_.end(),
                                  [&](const Network& network) { return network.contains(*address); });
}

}  // namespace bodega::base
