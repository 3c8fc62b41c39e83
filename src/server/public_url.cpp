#include "server/public_url.h"

#include "server/node_address.h"
#include "server/node_name.h"

namespace bodega::server {

std::string public_url(const config::Config& config, const edge::Server* edge) {
    if (!config.app.public_url.empty()) return config.app.public_url;
    if (edge) return node_address(edge->urls());
    const std::string& app = config.app.listen;
    // The proxy's public name is not configured, so the URL has this machine's name.
    if (app.starts_with('/')) return "http://" + node_name(config.node);
    return node_address({"http://" + (app.starts_with(':') ? "0.0.0.0" + app : app)});
}

}  // namespace bodega::server
