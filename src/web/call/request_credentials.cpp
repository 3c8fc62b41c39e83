#include "web/call/request_credentials.h"

#include <httplib.h>

#include "base/error.h"
#include "http/authorization.h"
#include "http/cookie.h"
#include "http/syntax.h"
#include "http/target.h"

namespace bodega::web {
namespace {

using Kind = app::Credential::Kind;

constexpr std::size_t kMaxSecret = 256;
constexpr std::string_view kCookieMaxAge = "34560000";  // 400 days in seconds, the longest time that browsers accept

constexpr std::string_view kDevice = "_device";

// Returns the cookie's name without a port, as the former version of bodega used it.
std::string name_without_port(const Peer& peer, const config::PublicUrl& site) {
    if (!peer.https) return "bodega";
    return site.is_at_root() ? "__Host-bodega" : "__Secure-bodega";
}

// Returns the port in a cookie's name, such as "_8080". Returns "" for the scheme's default port, which browsers omit.
std::string port_suffix(const Peer& peer) {
    const auto port = http::decimal(http::split_authority(peer.host).port);
    if (!port || *port == 0 || *port > 65535) return {};
    return *port == (peer.https ? 443U : 80U) ? std::string() : "_" + std::to_string(*port);
}

std::string cookie_name(const Peer& peer, const config::PublicUrl& site) {
    return name_without_port(peer, site) + port_suffix(peer);
}

std::string cookie(std::string_view name, std::string_view value, std::string_view max_age, const Peer& peer,
                   const config::PublicUrl& site) {
    std::string text(name);
    text.append("=").append(value).append("; Path=").append(site.base_path()).append("; Max-Age=").append(max_age);
    return text.append(peer.https ? "; Secure" : "").append("; HttpOnly; SameSite=Lax");
}

std::optional<app::Credential> credential_of(Kind kind, std::string_view secret) {
    if (secret.empty() || secret.size() > kMaxSecret) return std::nullopt;
    return app::Credential::from_secret(kind, secret);
}

// Reads an API token from Basic credentials. The password is the token; the user name is ignored.
std::optional<app::Credential> from_basic(std::string_view credentials) {
    const auto pair = http::parse_basic(credentials);
    return pair ? credential_of(Kind::token, pair->password) : std::nullopt;
}

FoundCredential from_authorization(std::string_view value) {
    const http::Authorization given = http::parse_authorization(value);
    if (given.has_scheme("Basic")) return {CredentialSource::basic, from_basic(given.credentials)};
    if (given.has_scheme("Bearer")) return {CredentialSource::bearer, credential_of(Kind::token, given.credentials)};
    return {CredentialSource::bearer, std::nullopt};
}

// Finds a cookie by its current name or, if that is absent, by its former name. suffix: appended to both names.
std::string_view either_cookie(const http::RequestHead& request, const Peer& peer, const config::PublicUrl& site,
                               std::string_view suffix = {}) {
    const std::string_view found = http::find_cookie(request.fields, cookie_name(peer, site).append(suffix));
    return found.empty() ? http::find_cookie(request.fields, name_without_port(peer, site).append(suffix)) : found;
}

bool is_browser(const http::RequestHead& request) {
    return http::first_field(request.fields, "Sec-Fetch-Mode").has_value() ||
           field(request, "User-Agent").starts_with("Mozilla/");
}

}  // namespace

FoundCredential find_credential(const http::RequestHead& request, const Peer& peer, const config::PublicUrl& site) {
    if (http::count_fields(request.fields, "Authorization") > 1)
        throw base::Error(base::Code::invalid, "The request has two Authorization fields; send one.");
    if (http::first_field(request.fields, "Authorization")) {
        FoundCredential found = from_authorization(field(request, "Authorization"));
        return peer.cross_origin && found.source != CredentialSource::bearer ? FoundCredential{} : found;
    }
    if (peer.cross_origin) return {};
    const std::string_view secret = either_cookie(request, peer, site);
    if (secret.empty()) return {};
    return {CredentialSource::cookie, credential_of(Kind::session, secret)};
}

std::string_view device_of(const http::RequestHead& request, const Peer& peer, const config::PublicUrl& site) {
    const std::string_view secret = either_cookie(request, peer, site, kDevice);
    return secret.size() > kMaxSecret ? std::string_view() : secret;
}

std::vector<std::string> session_cookies(std::string_view secret, const Peer& peer, const config::PublicUrl& site) {
    std::vector<std::string> out{cookie(name_without_port(peer, site), secret, kCookieMaxAge, peer, site)};
    if (const std::string name = cookie_name(peer, site); name != name_without_port(peer, site))
        out.push_back(cookie(name, secret, kCookieMaxAge, peer, site));
    return out;
}

std::string device_cookie(std::string_view secret, const Peer& peer, const config::PublicUrl& site) {
    return cookie(cookie_name(peer, site).append(kDevice), secret, kCookieMaxAge, peer, site);
}

std::vector<std::string> ended_session_cookies(const http::RequestHead& request, const Peer& peer,
                                               const config::PublicUrl& site) {
    const std::string name = cookie_name(peer, site), former = name_without_port(peer, site);
    std::vector<std::string> out{cookie(name, "", "0", peer, site)};
    if (name != former && http::find_cookie(request.fields, former) == either_cookie(request, peer, site))
        out.push_back(cookie(former, "", "0", peer, site));
    return out;
}

void refuse_cross_site(const http::RequestHead& request, const Peer& peer, CredentialSource source,
                       const config::PublicUrl& site) {
    if (http::is_safe(request.method) || source == CredentialSource::bearer) return;
    std::string_view fetch_site = field(request, "Sec-Fetch-Site");
    std::string_view origin = field(request, "Origin");
    bool same = false;
    if (!fetch_site.empty()) same = fetch_site == "same-origin" || fetch_site == "none";
    else if (!origin.empty()) same = peer.is_own_origin(origin, site);
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
