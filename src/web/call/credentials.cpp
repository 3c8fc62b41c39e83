#include "web/call/credentials.h"

#include <httplib.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::web {
namespace {

using Kind = app::Credential::Kind;

constexpr std::size_t kMaxSecret = 256;
constexpr std::string_view kCookieMaxAge = "34560000";  // 400 days in seconds, the longest time that browsers accept

constexpr std::string_view kDevice = "_device";

// The cookie's name without a port. The former version used this name.
std::string former_name(const Peer& peer) { return peer.https ? "__Host-bodega" : "bodega"; }

// The port in a cookie's name, such as "_8080". Empty for the scheme's default port, which browsers omit.
std::string port_suffix(const Peer& peer) {
    const std::size_t colon = peer.host.rfind(':');
    if (colon == std::string::npos || peer.host.find(']', colon) != std::string::npos) return {};
    unsigned port = 0;
    const char* const end = peer.host.data() + peer.host.size();
    const auto [stopped, error] = std::from_chars(peer.host.data() + colon + 1, end, port);
    if (error != std::errc() || stopped != end || port == 0 || port > 65535) return {};
    return port == (peer.https ? 443U : 80U) ? std::string() : "_" + std::to_string(port);
}

std::string cookie_name(const Peer& peer) { return former_name(peer) + port_suffix(peer); }

std::string cookie(std::string_view name, std::string_view value, std::string_view max_age, const Peer& peer) {
    std::string text(name);
    text.append("=").append(value).append("; Path=/; Max-Age=").append(max_age);
    return text.append(peer.https ? "; Secure" : "").append("; HttpOnly; SameSite=Lax");
}

std::optional<app::Credential> credential_of(Kind kind, std::string_view secret) {
    if (secret.empty() || secret.size() > kMaxSecret) return std::nullopt;
    return app::Credential::from_secret(kind, secret);
}

bool is_scheme(std::string_view text, std::string_view scheme) {
    return text.size() > scheme.size() && text[scheme.size()] == ' ' &&
           std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) { return a == (b | 0x20); });
}

// Reads Basic (RFC 7617). The password is the token; the user name is ignored.
std::optional<app::Credential> from_basic(std::string_view text) {
    auto decoded = base::unbase64(text);
    if (!decoded) return std::nullopt;
    std::string_view pair(reinterpret_cast<const char*>(decoded->data()), decoded->size());
    std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return credential_of(Kind::token, pair.substr(colon + 1));
}

FoundCredential from_authorization(std::string_view value) {
    if (is_scheme(value, "bearer")) return {CredentialSource::bearer, credential_of(Kind::token, value.substr(7))};
    if (is_scheme(value, "basic")) return {CredentialSource::basic, from_basic(value.substr(6))};
    return {CredentialSource::bearer, std::nullopt};
}

std::string_view find_cookie(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        std::size_t end = std::min(header.find(';'), header.size());
        std::string_view pair = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
    }
    return {};
}

// Finds a cookie by its current name or, if that is absent, by its former name. suffix: appended to both names.
std::string_view either_cookie(const http::RequestHead& request, const Peer& peer, std::string_view suffix = {}) {
    const std::string_view sent = field(request, "Cookie");
    const std::string_view found = find_cookie(sent, cookie_name(peer).append(suffix));
    return found.empty() ? find_cookie(sent, former_name(peer).append(suffix)) : found;
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

bool is_browser(const http::RequestHead& request) {
    return http::first_field(request.fields, "Sec-Fetch-Mode").has_value() ||
           field(request, "User-Agent").starts_with("Mozilla/");
}

}  // namespace

FoundCredential find_credential(const http::RequestHead& request, const Peer& peer) {
    if (http::count_fields(request.fields, "Authorization") > 1)
        throw base::Error(base::Code::invalid, "The request has two Authorization fields; send one.");
    if (http::first_field(request.fields, "Authorization")) {
        FoundCredential found = from_authorization(field(request, "Authorization"));
        return peer.cross_origin && found.source != CredentialSource::bearer ? FoundCredential{} : found;
    }
    if (peer.cross_origin) return {};
    const std::string_view secret = either_cookie(request, peer);
    if (secret.empty()) return {};
    return {CredentialSource::cookie, credential_of(Kind::session, secret)};
}

std::string_view device_of(const http::RequestHead& request, const Peer& peer) {
    const std::string_view secret = either_cookie(request, peer, kDevice);
    return secret.size() > kMaxSecret ? std::string_view() : secret;
}

std::vector<std::string> session_cookies(std::string_view secret, const Peer& peer) {
    std::vector<std::string> out{cookie(former_name(peer), secret, kCookieMaxAge, peer)};
    if (const std::string name = cookie_name(peer); name != former_name(peer))
        out.push_back(cookie(name, secret, kCookieMaxAge, peer));
    return out;
}

std::string device_cookie(std::string_view secret, const Peer& peer) {
    return cookie(cookie_name(peer).append(kDevice), secret, kCookieMaxAge, peer);
}

std::vector<std::string> ended_session_cookies(const http::RequestHead& request, const Peer& peer) {
    const std::string name = cookie_name(peer), former = former_name(peer);
    std::vector<std::string> out{cookie(name, "", "0", peer)};
    const std::string_view sent = field(request, "Cookie");
    if (name != former && find_cookie(sent, former) == either_cookie(request, peer))
        out.push_back(cookie(former, "", "0", peer));
    return out;
}

void refuse_cross_site(const http::RequestHead& request, const Peer& peer, CredentialSource source,
                       std::string_view public_url) {
    if (is_safe(request.method_name) || source == CredentialSource::bearer) return;
    std::string_view site = field(request, "Sec-Fetch-Site");
    std::string_view origin = field(request, "Origin");
    bool same = false;
    if (!site.empty()) same = site == "same-origin" || site == "none";
    else if (!origin.empty()) same = peer.is_own_origin(origin, public_url);
    else same = source != CredentialSource::cookie;
    if (!same)
        throw base::Error(base::Code::cross_site,
                          "This write came from another site. Do it in bodega's own pages, or use an API token.");
}

std::vector<std::string> challenges(const http::RequestHead& request) {
    std::vector<std::string> out = {"Bearer realm=\"bodega\""};
    if (!is_browser(request)) out.emplace_back("Basic realm=\"bodega\", charset=\"UTF-8\"");
    return out;
}

}  // namespace bodega::web
