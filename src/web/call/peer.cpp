#include "web/call/peer.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/ulid.h"
#include "http/request_id.h"
#include "http/syntax.h"
#include "http/target.h"

namespace bodega::web {
namespace {

constexpr std::size_t kMaxAgent = 255;

// The user agent, cut to the length that the catalog stores. Empty if it is not UTF-8 or has control characters.
std::string agent_of(std::string_view text) {
    if (!base::is_utf8(text)) return {};
    if (text.size() > kMaxAgent) text = text.substr(0, kMaxAgent);
    while (!text.empty() && !base::is_utf8(text)) text.remove_suffix(1);
    bool plain = std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    return plain ? std::string(text) : std::string();
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
        if (auto id = field(request, "X-Request-Id"); http::is_request_id(id)) peer.origin.request_id = id;
    }
    if (peer.origin.request_id.empty()) peer.origin.request_id = base::Ulid::make().text();
    return peer;
}

bool Peer::is_own_origin(std::string_view text, const config::PublicUrl& site) const {
    const auto theirs = http::split_url(text);
    if (!theirs || !http::is_authority(theirs->authority)) return false;
    return http::same_authority(theirs->authority, host, theirs->scheme) ||
           (site.has_origin() && http::same_authority(theirs->authority, site.authority(), theirs->scheme));
}

}  // namespace bodega::web
