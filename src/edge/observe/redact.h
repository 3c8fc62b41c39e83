// Removes from a request's target what must not be in a log.
#pragma once

#include <string>
#include <string_view>

namespace bodega::edge {

// Removes the query, and replaces a share's token (/s/TOKEN/…) by "-", since the token gives access.
std::string redacted_path(std::string_view target);

// The same for a whole URL; also removes user, password and fragment.
std::string redacted_url(std::string_view url);

}  // namespace bodega::edge
