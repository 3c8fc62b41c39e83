// Converts a client's address into a number, the key under which a client is counted. Pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::edge {

// Returns the four bytes of an IPv4 address, or the first eight bytes of an IPv6 address (a site's /64). A /64 whose
// last four bytes are 0 would have the key of an IPv4 address, but such networks are not assigned to clients. Returns 0
// for text that is not an address.
std::uint64_t client_key(std::string_view address);

}  // namespace bodega::edge
