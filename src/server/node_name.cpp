#include "server/node_name.h"

#include <unistd.h>

#include <array>

namespace bodega::server {

std::string node_name(const config::Node& node) {
    if (!node.name.empty()) return node.name;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "bodega";
    return name.data();
}

}  // namespace bodega::server
