#include "http/target.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "http/syntax.h"

namespace bodega::http {
namespace {

bool is_port(std::string_view text) noexcept {
    auto value = decimal(text);
    return text.size() <= 5 && value && *value >= 1 && *value <= 65535;
}

bool is_ipv6(std::string_view text) noexcept {
    std::array<char, 64> copy{};
    if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return false;
    std::copy(text.begin(), text.end(), copy.begin());
    in6_addr address{};
    return ::inet_pton(AF_INET6, copy.data(), &address) == 1;
}

std::optional<Refusal> read_absolute(std::string_view target, std::optional<std::string_view> host_field,
                                     Carrier carrier, RequestHead& head) {
    auto parts = split_url(target);
    if (!parts || !is_authority(parts->authority)) return Refusal{400, "The request target is malformed."};
    if (carrier == Carrier::plain && equal_ignoring_case(parts->scheme, "https"))
        return Refusal{400, "The request target is an https URL on a connection without TLS."};
    // RFC 9112 section 3.2.2 says that the target wins, but another hop may have used the Host field. So both must
    // agree.
    if (host_field && !same_authority(*host_field, parts->authority, parts->scheme))
        return Refusal{400, "The request target and Host name different hosts."};
    if (parts->rest.empty() && head.method == Method::options) head.target = "*";
    else if (parts->rest.empty()) head.target = "/";
    else if (parts->rest.front() == '/') head.target = parts->rest;
    else return Refusal{400, "The request target has no path."};
    head.host = parts->authority;
    return std::nullopt;
}

}  // namespace

bool is_authority(std::string_view text) noexcept {
    std::size_t host_end = 0;
    if (!text.empty() && text.front() == '[') {
        host_end = text.find(']');
        if (host_end == std::string_view::npos || !is_ipv6(text.substr(1, host_end - 1))) return false;
        ++host_end;
    } else {
        host_end = span_of(text, kRegName);
        if (host_end == 0 || host_end > 255) return false;
    }
    std::string_view rest = text.substr(host_end);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

Authority split_authority(std::string_view text) noexcept {
    const std::size_t in_host = text.starts_with('[') ? text.find(']') : 0;
    const std::size_t colon = text.find(':', in_host == std::string_view::npos ? text.size() : in_host);
    if (colon == std::string_view::npos) return {text, {}};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<Url> split_url(std::string_view url) noexcept {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = url.substr(0, colon);
    if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) return std::nullopt;
    url.remove_prefix(scheme.size() + 3);
    const std::size_t end = url.find_first_of("/?");
    return Url{scheme, url.substr(0, end), end == std::string_view::npos ? "" : url.substr(end)};
}

std::string_view without_default_port(std::string_view authority, std::string_view scheme) noexcept {
    const std::string_view port = equal_ignoring_case(scheme, "https") ? ":443" : ":80";
    if (authority.ends_with(port)) authority.remove_suffix(port.size());
    return authority;
}

bool same_authority(std::string_view a, std::string_view b, std::string_view scheme) noexcept {
    return equal_ignoring_case(without_default_port(a, scheme), without_default_port(b, scheme));
}

std::optional<Refusal> read_target(std::string_view target, std::optional<std::string_view> host_field, Carrier carrier,
                                   RequestHead& head) {
    if (host_field && !is_authority(*host_field)) return Refusal{400, "The Host field is malformed."};
    head.host = host_field.value_or("");
    if (head.method == Method::connect) return Refusal{501, "CONNECT is not supported."};
    if (target.front() == '/') {
        head.target = target;
    } else if (target == "*") {
        if (head.method != Method::options) return Refusal{400, "The request target is malformed."};
        head.target = target;
    } else if (auto refused = read_absolute(target, host_field, carrier, head)) {
        return refused;
    }
    head.path = head.target.substr(0, head.target.find('?'));
    return std::nullopt;
}

}  // namespace bodega::http
