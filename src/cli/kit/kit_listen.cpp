#include "cli/kit/kit_listen.h"

#include <algorithm>

#include "base/error.h"
#include "edge/listen_address.h"
#include "net/listener.h"

namespace bodega::cli {
namespace {

std::vector<net::ListenAddress> addresses_of(const config::Edge& edge) {
    static const std::vector<std::string> usual{"https://0.0.0.0:443", "https://[::]:443", "http://0.0.0.0:80 redirect",
                                                "http://[::]:80 redirect"};
    const bool configured = !edge.listen.empty() && edge.listen != config::Edge{}.listen;
    std::vector<net::ListenAddress> addresses;
    for (const std::string& listener : configured ? edge.listen : usual)
        addresses.push_back(edge::parse_listen_address(listener));
    return addresses;
}

Listen kind_of(const net::ListenOptions& options) {
    if (options.secure) return Listen::tls;
    return options.redirects ? Listen::redirect : Listen::plain;
}

std::string text_of(const net::ListenAddress& address) {
    const std::string& host = address.hosts.front();
    bool bare = host.find(':') == host.npos;
    return (bare ? host : "[" + host + "]") + ":" + std::to_string(address.port);
}

// [::] also accepts IPv4, unless another listener has 0.0.0.0 with that port.
bool takes_both(const net::ListenAddress& address, const std::vector<net::ListenAddress>& all) {
    return address.hosts.front() == "::" && std::ranges::none_of(all, [&](const net::ListenAddress& other) {
               return other.hosts.front() == "0.0.0.0" && other.port == address.port;
           });
}

}  // namespace

void refuse_kit(const std::string& why) { throw base::Error(base::Code::config_invalid, "kit: " + why); }

std::string listen_address(std::string_view listener) { return text_of(edge::parse_listen_address(listener)); }

std::vector<std::string> listen_addresses(const config::Edge& edge, Listen kind) {
    const std::vector<net::ListenAddress> all = addresses_of(edge);
    std::vector<std::string> addresses;
    for (const net::ListenAddress& address : all) {
        if (kind_of(address.options) != kind) continue;
        const std::string words = address.options.proxy_protocol ? " proxy_protocol" : "";
        addresses.push_back(text_of(address) + words);
        if (takes_both(address, all)) addresses.push_back("0.0.0.0:" + std::to_string(address.port) + words);
    }
    return addresses;
}

bool has_proxy_headers(const config::Edge& edge) {
    bool some = false, all = true;
    for (const net::ListenAddress& address : addresses_of(edge)) {
        if (address.options.redirects) continue;
        some = some || address.options.proxy_protocol;
        all = all && address.options.proxy_protocol;
    }
    if (some && !all)
        refuse_kit("edge.listen has proxy_protocol only on some addresses; NGINX needs it on all or on none");
    return some;
}

std::vector<std::string> edge_addresses(const config::Edge& edge) {
    if (edge.listen.empty())
        refuse_kit("edge.listen is empty, since NGINX listens: bodega.socket is for a bodega that listens itself");
    std::vector<std::string> addresses;
    addresses.reserve(edge.listen.size());
    for (const std::string& listener : edge.listen) addresses.push_back(listen_address(listener));
    return addresses;
}

std::string tls_port_suffix(const config::Edge& edge) {
    std::uint16_t asked = 0, own = 0;
    for (const net::ListenAddress& address : addresses_of(edge)) {
        if (asked == 0) asked = address.options.redirect_port;
        if (own == 0 && address.options.secure) own = address.port;
    }
    const std::uint16_t port = asked != 0 ? asked : own;
    return port == 0 || port == 443 ? "" : ":" + std::to_string(port);
}

}  // namespace bodega::cli
