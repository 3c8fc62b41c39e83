#include "web/call/peer.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/ulid.h"

namespace bodega::web {
namespace {

constexpr std::size_t kMaxAgent = 255;
constexpr std::size_t kMaxRequestId = 64;

// True for printable ASCII without spaces, which fits into the log, a header field and a column.
bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= kMaxRequestId &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

// The user agent, cut to the length that the catalog stores. Empty if it is not UTF-8 or has control characters.
std::string agent_of(std::string_view text) {
    if (!base::is_utf8(text)) return {};
    if (text.size() > kMaxAgent) text = text.substr(0, kMaxAgent);
    while (!text.empty() && !base::is_utf8(text)) text.remove_suffix(1);
    bool plain = std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    return plain ? std::string(text) : std::string();
}

// Returns the host of a URL such as "https://files.example.org:443", in lower case and without the scheme's default
// port.
std::string host_of(std::string_view url) {
    std::string_view implied;
    if (url.starts_with("https://")) implied = ":443", url.remove_prefix(8);
    else if (url.starts_with("http://")) implied = ":80", url.remove_prefix(7);
    else return {};
    url = url.substr(0, url.find('/'));
    if (url.ends_with(implied)) url.remove_suffix(implied.size());
    std::string host(url);
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return host;
}

}  // namespace

std::string_view field(const http::RequestHead& request, std::string_view name) {
    return http::first_field(request.fields, name).value_or("");
}

Peer Peer::of(const http::RequestHead& request, const std::string& connection_address, const Proxies& proxies) {
    Peer peer;
    peer.origin.address = connection_address;
    peer.origin.user_agent = agent_of(field(request, "User-Agent"));
    peer.host = request.host;
    if (proxies.believes(connection_address, field(request, Proxies::kSecretField))) {
        http::ForwardedClient client = proxies.client_behind(connection_address, request.fields);
        peer.origin.address = std::move(client.address);
        peer.https = client.scheme == "https";
        if (!client.host.empty()) peer.host = std::move(client.host);
        peer.serves_blobs = field(request, "X-Accel-Capable") == "1";
        if (auto id = field(request, "X-Request-Id"); is_request_id(id)) peer.origin.request_id = id;
    }
    if (peer.origin.request_id.empty()) peer.origin.request_id = base::Ulid::make().text();
    return peer;
}

bool Peer::is_own_origin(std::string_view text, std::string_view public_url) const {
    std::string theirs = host_of(text);
    if (theirs.empty()) return false;
    if (!public_url.empty() && theirs == host_of(public_url)) return true;
    return theirs == host_of((text.starts_with("https://") ? "https://" : "http://") + host);
}

}  // namespace bodega::web
