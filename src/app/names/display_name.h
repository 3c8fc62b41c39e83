// Checks the names that people give to spaces and tokens. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

// Returns the name in NFC, without leading and trailing spaces. Throws Error{invalid} with the field's name unless it
// is UTF-8 of 1 to 100 characters (at most 255 bytes) without control characters.
std::string clean_display_name(std::string_view field, std::string_view text);

}  // namespace bodega::app
