// Networks in CIDR form, and whether an address is in one. All functions but the constructors are pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::base {

// An IP address; IPv4 is stored as IPv4-mapped IPv6. parse_address() returns std::nullopt if `text` is not an address.
using Address = std::array<std::uint8_t, 16>;
std::optional<Address> parse_address(std::string_view text);
std::string address_text(const Address& address);  // canonical: RFC 5952's form, or dotted decimal for IPv4

class Network {
public:
    // Parses "10.0.0.0/8", "::1/128" or "192.0.2.7" (one address). Returns std::nullopt if `text` is not a network.
    static std::optional<Network> parse(std::string_view text);
    bool contains(const Address& address) const noexcept;
    bool contains(std::string_view address) const;  // false if `address` is not an IP address

private:
    std::array<std::uint8_t, 16> prefix_{};
    int bits_ = 128;
};

class Networks {
public:
    Networks() = default;
    // Throws Error{config_invalid} if a text is not a network. The message names `key` and the text.
    Networks(std::string_view key, const std::vector<std::string>& texts);

    bool contain(std::string_view address) const;
    bool empty() const noexcept { return networks_.empty(); }

private:
    std::vector<Network> networks_;
};

}  // namespace bodega::base
