// Removes from a URL or path what must not be in a log.
#pragma once

#include <string>
#include <string_view>

namespace bodega::edge {

// Removes the query. Replaces a share's token (s/TOKEN/… below the base path) by "-", since anyone who knows the token
// has access. base_path: the path of app.public_url, with a slash at both ends.
std::string redacted_path(std::string_view target, std::string_view base_path = "/");

// Does what redacted_path() does, for a complete URL. Also removes user, password and fragment.
std::string redacted_url(std::string_view url, std::string_view base_path = "/");

}  // namespace bodega::edge
