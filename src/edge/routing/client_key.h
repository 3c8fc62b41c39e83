// Converts a client's address into a number, the key under which a client is counted. Pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::edge {

// Returns the four bytes of an IPv4 address, or the first eight bytes of an IPv6 address, which are the same for a
// whole site (a /64). A /64 that ends in four zero bytes would have the key of an IPv4 address, but no client has such
// a network. Returns 0 for text that is not an address.
std::uint64_t client_key(std::string_view address);

}  // namespace bodega::edge
