#include "net/http_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"

namespace bodega::net {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";
constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::optional<HttpUrl> parse(std::string_view url) {
    const bool plain = std::none_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c >= 0x7f || c == '#'; });
    HttpUrl out;
    out.is_https = url.starts_with(kHttps);
    if (!plain || (!out.is_https && !url.starts_with(kHttp))) return std::nullopt;
    url.remove_prefix(out.is_https ? kHttps.size() : kHttp.size());

    const std::size_t end = std::min(url.find_first_of("/?"), url.size());
    std::string_view authority = url.substr(0, end);
    out.target = url.substr(end);
    if (!out.target.starts_with('/')) out.target.insert(0, "/");

    out.port = out.is_https ? kHttpsPort : kHttpPort;
    const std::size_t colon = authority.rfind(':');
    if (colon != authority.npos && authority.find(']', colon) == authority.npos) {
        const auto port = port_of(authority.substr(colon + 1));
        if (!port) return std::nullopt;
        out.port = *port;
        authority = authority.substr(0, colon);
    }
    const bool is_v6 = authority.starts_with('[') && authority.ends_with(']');
    out.host = is_v6 ? authority.substr(1, authority.size() - 2) : authority;
    if (out.host.empty() || out.host.find_first_of(is_v6 ? "[]@" : "[]@:") != std::string::npos) return std::nullopt;
    return out;
}

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

}  // namespace

HttpUrl HttpUrl::of(std::string_view url) {
    if (auto out = parse(url)) return *std::move(out);
    throw base::Error(base::Code::invalid, "\"" + std::string(url.substr(0, 200)) + "\" is not a URL of a web server");
}

std::string HttpUrl::authority() const {
    return port == (is_https ? kHttpsPort : kHttpPort) ? bracketed(host) : server();
}

std::string HttpUrl::server() const { return bracketed(host) + ":" + std::to_string(port); }

}  // namespace bodega::net
