// Status codes (RFC 9110 section 15). Pure functions.
#pragma once

#include <string_view>

namespace bodega::http {

// Returns for example "Not Found"; for an unregistered status, the name of its class.
std::string_view reason_phrase(int status) noexcept;

}  // namespace bodega::http
