// Removes from a URL or path what must not be in a log.
#pragma once

#include <string>
#include <string_view>

namespace bodega::edge {

// Removes the query. Replaces a share's token (/s/TOKEN/…) by "-", since whoever has the token has access.
std::string redacted_path(std::string_view target);

// Does the same for a complete URL, and also removes user, password and fragment.
std::string redacted_url(std::string_view url);

}  // namespace bodega::edge
