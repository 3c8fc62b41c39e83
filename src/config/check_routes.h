// Checks [[edge.upstreams]] and [[edge.routes]].
#pragma once

#include "config/config.h"

namespace bodega::config {

// Throws Error{config_invalid} with one line, which begins with the row's place.
void check_routes(const Edge& edge);

}  // namespace bodega::config
