// Trusted proxies: whose X-Forwarded-*, X-Request-Id and X-Accel-Capable count.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::web {

// A network in CIDR form, IPv4 kept as IPv4-mapped IPv6.
class Network {
public:
    // "10.0.0.0/8", "::1/128", "192.0.2.7" (one address). std::nullopt if it is none.
    static std::optional<Network> parse(std::string_view text);
    bool contains(std::string_view address) const;

private:
    std::array<std::uint8_t, 16> prefix_{};
    int bits_ = 128;
};

class Proxies {
public:
    // Throws Error{config_invalid} that names the network that is none.
    explicit Proxies(const std::vector<std::string>& networks);

    bool trusts(std::string_view address) const;

    // The client behind trusted proxies: X-Forwarded-For read from its right end as long as proxies are trusted.
    // What is no address ends the walk.
    std::string client_address(std::string_view peer, std::string_view forwarded_for) const;

private:
    std::vector<Network> networks_;
};

}  // namespace bodega::web
