// Where a node says that it is reached.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// The first listener's URL ("http://10.0.3.7:8080"); in the place of one that listens on every address, the machine's
// own: its first that others may reach, or, if it has none, the host's name.
std::string node_address(const std::vector<std::string>& urls);

}  // namespace bodega::cli
