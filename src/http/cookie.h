// Cookies in a request (RFC 6265 section 4.2). Pure functions.
#pragma once

#include <string_view>

#include "http/fields.h"

namespace bodega::http {

// Returns the value of the first cookie with this name, as sent, or "" if there is no such cookie. Reads all lines of
// Cookie, since HTTP/2 clients may split the field (RFC 9113 section 8.2.3) and a proxy may forward the parts.
std::string_view find_cookie(const Fields& request, std::string_view name) noexcept;

}  // namespace bodega::http
