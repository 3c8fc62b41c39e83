// A client's address as a number, used as the key for what is counted per client. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::edge {

// The four bytes of an IPv4 address, or the first eight of an IPv6 address (a site's /64). A /64 whose last four bytes
// are 0 has the key of an IPv4 address, but such networks are not given to clients. 0 for text that is not an address.
std::uint64_t client_key(std::string_view address);

}  // namespace bodega::edge
