// Names that people give to what is no file: a space, a token. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

// NFC, without blanks around it. Throws Error{invalid}, naming `field`, unless it is UTF-8 of 1 to 100 characters
// (at most 255 bytes) without control characters.
std::string clean_label(std::string_view field, std::string_view text);

}  // namespace bodega::app
