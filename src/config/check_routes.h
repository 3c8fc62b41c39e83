// What has to hold of [[edge.upstreams]] and [[edge.routes]].
#pragma once

#include "config/config.h"

namespace bodega::config {

// Throws Error{config_invalid} with one line that begins with the row's place.
void check_routes(const Edge& edge);

}  // namespace bodega::config
