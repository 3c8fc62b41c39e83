// Checks [[edge.upstreams]] and [[edge.routes]].
#pragma once

#include "config/config.h"

namespace bodega::config {

// Throws Error{config_invalid} with a message of one line, which begins with the row's place in the file.
void check_routes(const Edge& edge);

}  // namespace bodega::config
