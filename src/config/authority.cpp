#include "config/authority.h"

#include <charconv>

#include "base/network.h"

namespace bodega::config {
namespace {

constexpr std::string_view kHostName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

bool is_port(std::string_view text) noexcept {
    constexpr std::size_t kMaxDigits = 5;
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && text.size() <= kMaxDigits && port >= 1 &&
           port <= 65535;
}

bool is_host(std::string_view text) noexcept {
    if (!text.starts_with('[')) return !text.empty() && text.find_first_not_of(kHostName) == std::string_view::npos;
    if (!text.ends_with(']')) return false;
    const std::string_view address = text.substr(1, text.size() - 2);
    return address.find(':') != std::string_view::npos && base::parse_address(address).has_value();
}

}  // namespace

bool is_authority(std::string_view text) noexcept {
    const std::size_t host_end = text.starts_with('[') ? text.find(']') : 0;
    const std::size_t colon = host_end == std::string_view::npos ? host_end : text.find(':', host_end);
    if (colon == std::string_view::npos) return is_host(text);
    return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

}  // namespace bodega::config
