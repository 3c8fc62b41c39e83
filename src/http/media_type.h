// Media types, in Content-Type (RFC 9110 section 8.3.1) and Accept (section 12.5.1). Pure functions.
#pragma once

#include <string_view>

#include "http/fields.h"

namespace bodega::http {

// The type and subtype of a Content-Type's value, as sent, without its parameters (its "essence").
std::string_view essence_of(std::string_view content_type) noexcept;

// True if the value has this type and subtype. Ignores upper and lower case, and the parameters.
bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

// True if Accept lists exactly this type with a weight above zero. Wildcards do not count. Reads all lines of Accept.
bool accepts_by_name(const Fields& request, std::string_view type);

}  // namespace bodega::http
