#pragma once

#include "config/config.h"
#include "config/public_url.h"
#include "edge/server.h"

namespace bodega::server {

// Returns the URL at which people reach this server: app.public_url, or an address of this machine that a browser can
// open. `edge` may be null.
config::PublicUrl public_url(const config::Config& config, const edge::Server* edge);

}  // namespace bodega::server
