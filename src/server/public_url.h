#pragma once

#include <string>

#include "config/config.h"
#include "edge/server.h"

namespace bodega::server {

// Returns the URL at which people reach this server: app.public_url, or an address of this machine that a browser can
// open. `edge` may be null.
std::string public_url(const config::Config& config, const edge::Server* edge);

}  // namespace bodega::server
