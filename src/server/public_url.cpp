#include "server/public_url.h"

#include "server/node_address.h"
#include "server/node_name.h"

namespace bodega::server {

namespace {

// Returns a URL by which people may reach this machine, or the proxy in front of it.
std::string machine_url(const config::Config& config, const edge::Server* edge) {
    if (edge) return node_address(edge->urls());
    const std::string& app = config.app.listen;
    // The proxy's public name is not configured, so the URL has this machine's name.
    if (app.starts_with('/')) return "http://" + node_name(config.node);
    return node_address({"http://" + (app.starts_with(':') ? "0.0.0.0" + app : app)});
}

}  // namespace

config::PublicUrl public_url(const config::Config& config, const edge::Server* edge) {
    auto configured = config::PublicUrl::parse(config.app.public_url);
    if (configured && configured->has_origin()) return *configured;
    return config::PublicUrl::parse(machine_url(config, edge)).value_or(config::PublicUrl());
}

}  // namespace bodega::server
