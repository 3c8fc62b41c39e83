// The authority of a URL that an operator sets: a host and maybe a port, without user and password (RFC 3986,
// section 3.2). Pure function.
#pragma once

#include <string_view>

namespace bodega::config {

// Accepts a host name of letters, digits, '-', '.' and '_', or an IPv6 address in brackets, and a port of 1 to 65535.
bool is_authority(std::string_view text) noexcept;

}  // namespace bodega::config
