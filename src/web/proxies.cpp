#include "web/proxies.h"

#include <utility>

#include "base/encoding.h"

namespace bodega::web {
namespace {

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

Proxies::Proxies(const std::vector<std::string>& networks, std::string secret)
    : networks_("app.trusted_proxies", networks), secret_(std::move(secret)) {}

bool Proxies::believes(std::string_view address, std::string_view said) const {
    if (address.empty()) return true;
    return !secret_.empty() && trusts(address) && base::equal_constant_time(said, secret_);
}

std::string Proxies::client_address(std::string_view peer, std::string_view forwarded_for) const {
    std::string_view client = peer;
    while (!forwarded_for.empty()) {
        std::size_t comma = forwarded_for.rfind(',');
        std::string_view last = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
        forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
        std::string_view address = without_port(trimmed(last));
        if (!base::parse_address(address)) break;
        client = address;
        if (!trusts(client)) break;
    }
    return std::string(client);
}

}  // namespace bodega::web
