#include "cli/kit_listen.h"

#include "base/error.h"
#include "config/value.h"
#include "edge/listener.h"

namespace bodega::cli {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw base::Error(base::Code::config_invalid, "kit: " + why); }

const std::vector<std::string>& listeners_of(const config::Edge& edge) {
    static const std::vector<std::string> usual{"https://0.0.0.0:443", "https://[::]:443", "http://0.0.0.0:80 redirect",
                                                "http://[::]:80 redirect"};
    return edge.listen.empty() || edge.listen == config::Edge{}.listen ? usual : edge.listen;
}

Listen kind_of(const edge::Manner& manner) {
    if (manner.secure) return Listen::tls;
    return manner.redirects ? Listen::redirect : Listen::plain;
}

std::string shown(const edge::ListenAddress& address) {
    const std::string& host = address.hosts.front();
    bool bare = host.find(':') == host.npos;
    return (bare ? host : "[" + host + "]") + ":" + std::to_string(address.port);
}

}  // namespace

std::string listen_address(std::string_view listener) { return shown(edge::parse_listen_address(listener)); }

std::vector<std::string> listen_addresses(const config::Edge& edge, Listen kind) {
    std::vector<std::string> addresses;
    for (const std::string& listener : listeners_of(edge)) {
        const edge::ListenAddress address = edge::parse_listen_address(listener);
        if (kind_of(address.manner) != kind) continue;
        addresses.push_back(shown(address) + (address.manner.proxy_protocol ? " proxy_protocol" : ""));
    }
    return addresses;
}

bool has_proxy_headers(const config::Edge& edge) {
    bool some = false, all = true;
    for (const std::string& listener : listeners_of(edge)) {
        const edge::Manner manner = edge::parse_listen_address(listener).manner;
        if (manner.redirects) continue;
        some = some || manner.proxy_protocol;
        all = all && manner.proxy_protocol;
    }
    if (some && !all)
        refuse("edge.listen has proxy_protocol on some addresses alone; NGINX needs it on all or on none");
    return some;
}

std::vector<std::string> edge_addresses(const config::Edge& edge) {
    if (edge.listen.empty()) refuse("edge.listen is empty: no socket to hold");
    std::vector<std::string> addresses;
    for (const std::string& listener : edge.listen) addresses.push_back(listen_address(listener));
    return addresses;
}

std::string tls_port_suffix(const config::Edge& edge) {
    for (const std::string& listener : listeners_of(edge)) {
        auto port = config::parse_redirect(listener.substr(listener.rfind(' ') + 1));
        if (port && *port != 0) return *port == 443 ? "" : ":" + std::to_string(*port);
    }
    auto addresses = listen_addresses(edge, Listen::tls);
    if (addresses.empty()) return "";
    const std::string& first = addresses.front();
    std::string suffix = first.substr(0, first.find(' ')).substr(first.rfind(':'));
    return suffix == ":443" ? "" : suffix;
}

}  // namespace bodega::cli
