// File and folder names: which ones are allowed, and the keys for sorting and searching.
//
// A name is kept exactly as given, except that it is converted to Unicode's composed form (NFC), so that an "é" is the
// same from every system. A name that can't be kept exactly is refused, never changed. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

inline constexpr std::size_t kNameMaxBytes = 255;
inline constexpr std::size_t kNameKeyMaxBytes = 765;

// Returns the name in NFC. Throws Error{name_invalid} with the reason unless the name is UTF-8, has 1 to 255 bytes in
// NFC and at least one visible character, contains no '/', NUL or other control character (C0, DEL, C1), and is neither
// "." nor "..". Right-to-left marks, reserved names of other systems, trailing dots, backslashes and emoji are kept.
std::string clean_name(std::string_view name);

// The key that a name is sorted and searched by, compared bytewise. It is folded for case, width and accents
// (NFKC_Casefold without marks). Each run of digits is preceded by '/' and by the count of its digits without leading
// zeros, as one control character; names can contain neither. So "img2" comes before "img10". Cut at a character's
// boundary to 765 bytes. Requires: UTF-8.
std::string name_key(std::string_view name);

// The SQL LIKE pattern (escape '!') that finds the keys of names that contain `text`, folded in the same way. A run of
// digits at either end of `text` also matches a part of a longer run. Empty if nothing is left to search for.
std::string name_pattern(std::string_view text);

}  // namespace bodega::app
