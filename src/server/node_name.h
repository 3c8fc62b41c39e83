// This node's name.
#pragma once

#include <string>

#include "config/config.h"

namespace bodega::server {

// node.name, or the host's name.
std::string node_name(const config::Node& node);

}  // namespace bodega::server
