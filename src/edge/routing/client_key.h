// A client's address as a number, by which what it uses is counted. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace bodega::edge {

// The four bytes of IPv4; the first eight of IPv6 (a site's /64), none of which is routed where those four would be.
// 0 for what is no address.
std::uint64_t client_key(std::string_view address);

}  // namespace bodega::edge
