// Logs warnings about a risky start: too few file descriptors, the user root, or listeners on all addresses.
#pragma once

#include "config/config.h"

namespace bodega::server {

// Warns if the limit of open files leaves room for fewer connections than `wanted`.
void warn_of_limit(const config::Config& config, int wanted);

// Warns if the server runs as root, and if the app or the metrics listen on all addresses.
void warn_of_exposure(const config::Config& config);

}  // namespace bodega::server
