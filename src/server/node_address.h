// The address at which other machines reach a node.
#pragma once

#include <string>
#include <vector>

namespace bodega::server {

// The first listener's URL ("http://10.0.3.7:8080"). For a wildcard address, uses the machine's first address that
// others may reach, or the host's name if the machine has no such address.
std::string node_address(const std::vector<std::string>& urls);

}  // namespace bodega::server
