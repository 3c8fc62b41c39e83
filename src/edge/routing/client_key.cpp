#include "edge/routing/client_key.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <string>

namespace bodega::edge {

std::uint64_t client_key(std::string_view text) {
    std::string address(text);
    std::array<unsigned char, 16> bytes{};
    std::uint64_t key = 0;
    if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) std::memcpy(&key, bytes.data(), 4);
    else if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) std::memcpy(&key, bytes.data(), 8);
    return key;
}

}  // namespace bodega::edge
