#include "config/route_parts.h"

#include <algorithm>

#include "base/text.h"
#include "config/value.h"

namespace bodega::config {
namespace {

constexpr int kMaxWeight = 100;
constexpr std::size_t kMaxSocketPath = 107;  // longest path in a sockaddr_un

bool is_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == host.npos;
}

bool read_weight(std::string_view option, UpstreamServer& out) {
    constexpr std::string_view kName = "weight=";
    if (!option.starts_with(kName)) return false;
    auto weight = parse_integer(option.substr(kName.size()));
    if (!weight || *weight < 1 || *weight > kMaxWeight) return false;
    out.weight = static_cast<int>(*weight);
    return true;
}

bool read_address(std::string_view address, UpstreamServer& out) {
    std::size_t colon = address.rfind(':');
    if (colon == address.npos) return false;
    std::string_view host = address.substr(0, colon);
    auto port = parse_integer(address.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return false;
    bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (bracketed ? host.find_first_not_of("0123456789abcdefABCDEF:.") != host.npos : !is_name(host)) return false;
    out.host = host;
    out.port = static_cast<std::uint16_t>(*port);
    return true;
}

}  // namespace

std::optional<UpstreamServer> parse_upstream_server(std::string_view text) {
    UpstreamServer out;
    std::size_t blank = text.find(' ');
    std::string_view address = text.substr(0, blank);
    if (blank != text.npos && !read_weight(base::trim(text.substr(blank)), out)) return std::nullopt;
    constexpr std::string_view kUnix = "unix:";
    if (!address.starts_with(kUnix)) return read_address(address, out) ? std::optional(std::move(out)) : std::nullopt;
    out.socket = address.substr(kUnix.size());
    if (!out.socket.starts_with('/') || out.socket.size() > kMaxSocketPath) return std::nullopt;
    return out;
}

std::optional<RouteTarget> parse_route_target(std::string_view text) {
    using Kind = RouteTarget::Kind;
    if (text == "app") return RouteTarget{};
    std::size_t colon = text.find(':');
    if (colon == text.npos) return std::nullopt;
    std::string_view kind = text.substr(0, colon);
    std::string what(text.substr(colon + 1));
    bool web = what.starts_with("https://") || what.starts_with("http://") || what.starts_with('/');
    if (kind == "upstream" && !what.empty()) return RouteTarget{Kind::upstream, std::move(what)};
    if (kind == "folder" && what.starts_with('/')) return RouteTarget{Kind::folder, std::move(what)};
    if (kind == "redirect" && web) return RouteTarget{Kind::redirect, std::move(what)};
    return std::nullopt;
}

bool is_header_name(std::string_view text) noexcept {
    return !text.empty() &&
           text.find_first_not_of("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
               text.npos;
}

std::optional<HeaderLine> parse_header_line(std::string_view text) {
    std::size_t colon = text.find(':');
    if (colon == text.npos || !is_header_name(text.substr(0, colon))) return std::nullopt;
    std::string_view value = base::trim(text.substr(colon + 1));
    bool clean = std::all_of(value.begin(), value.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    });
    if (!clean) return std::nullopt;
    return HeaderLine{std::string(text.substr(0, colon)), std::string(value)};
}

}  // namespace bodega::config
