// What this node is called.
#pragma once

#include <string>

#include "config/config.h"

namespace bodega::cli {

// node.name, or the host's.
std::string node_name(const config::Node& node);

}  // namespace bodega::cli
