// Whether a client's copy of a representation is still good (RFC 9110 section 13.1). Pure functions.
#pragma once

#include <string_view>

#include "http/message.h"

namespace bodega::http {

// Whether If-None-Match, or else If-Modified-Since, says that the client has what these validators name; a date only
// if it is the very one. Requires: the entity tag holds no comma.
bool has_copy(const RequestHead& request, std::string_view etag, std::string_view last_modified) noexcept;

}  // namespace bodega::http
