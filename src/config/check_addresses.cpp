#include "config/check_addresses.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace bodega::config {
namespace {

struct Endpoint {
    std::string_view key, text;  // the setting's name and its text
    std::string_view host;       // without brackets
    std::string_view port;

    bool is_any() const { return host.empty() || host == "0.0.0.0" || host == "::"; }
    bool is_v6() const { return host.find(':') != host.npos; }
    // A listener on the IPv6 wildcard address accepts IPv4 connections too.
    bool covers(const Endpoint& other) const {
        if (host == other.host || host.empty() || host == "::") return true;
        if (host == "0.0.0.0") return !other.is_v6();
        return host == "localhost" && (other.host == "127.0.0.1" || other.host == "::1");
    }
    bool clashes(const Endpoint& other) const {
        return port == other.port && port != "0" && (covers(other) || other.covers(*this));
    }
};

// Parses texts such as "http://[::1]:8080 redirect" and "127.0.0.1:5000".
Endpoint endpoint_of(std::string_view key, std::string_view text) {
    Endpoint out{key, text, {}, {}};
    std::string_view rest = text.substr(0, text.find(' '));
    const std::size_t scheme = rest.find("://");
    if (scheme != rest.npos) {
        out.port = rest.starts_with("https") ? "443" : "80";
        rest.remove_prefix(scheme + 3);
    }
    const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : rest.npos;
    const std::size_t colon = rest.find(':', bracket == rest.npos ? 0 : bracket);
    out.host = bracket == rest.npos ? rest.substr(0, colon) : rest.substr(1, bracket - 1);
    if (colon != rest.npos) out.port = rest.substr(colon + 1);
    return out;
}

std::vector<Endpoint> endpoints_of(const Config& config) {
    std::vector<Endpoint> all;
    all.reserve(config.edge.listen.size() + 2);
    for (const std::string& listener : config.edge.listen) all.push_back(endpoint_of("edge.listen", listener));
    if (!config.edge.admin_listen.empty()) all.push_back(endpoint_of("edge.admin_listen", config.edge.admin_listen));
    const std::string& app = config.app.listen;
    if (!app.empty() && !app.starts_with('/')) all.push_back(endpoint_of("app.listen", app));
    return all;
}

}  // namespace

std::optional<SharedAddress> find_shared_address(const Config& config) {
    const std::vector<Endpoint> all = endpoints_of(config);
    for (auto one = all.begin(); one != all.end(); ++one) {
        const auto other = std::find_if(one + 1, all.end(), [&](const Endpoint& next) { return one->clashes(next); });
        if (other == all.end()) continue;
        std::string why = "\"";
        why.append(one->text).append("\" takes the port of ").append(other->key).append(" \"").append(other->text);
        return SharedAddress{one->key, why.append("\": change one of them")};
    }
    return std::nullopt;
}

}  // namespace bodega::config
