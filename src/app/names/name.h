// File and folder names: which ones are allowed, and the keys for sorting and searching.
//
// A name is stored as given, but in Unicode's composed form (NFC), so that an "é" is the same from every system. A name
// that can't be stored exactly is refused, never changed. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

inline constexpr std::size_t kNameMaxBytes = 255;
inline constexpr std::size_t kNameKeyMaxBytes = 765;

// Returns the name in NFC. A valid name is UTF-8, has 1 to 255 bytes in NFC and at least one visible character,
// contains no '/', NUL or other control character (C0, DEL, C1), and is not "." or "..". Right-to-left marks, reserved
// names of other systems, trailing dots, backslashes and emoji are allowed. Throws Error{name_invalid} with the reason
// for any other name.
std::string clean_name(std::string_view name);

// The key by which a name is sorted and searched. Keys are compared byte by byte. The name is folded for case, width
// and accents (NFKC_Casefold without marks). Each run of digits is preceded by a '/' and by one control character,
// whose code is the number of digits without leading zeros. Names contain no '/' and no control character. So "img2"
// comes before "img10". A key has at most 765 bytes and is cut between two characters. Requires: UTF-8.
std::string name_key(std::string_view name);

// The SQL LIKE pattern (escape character '!') for keys of names that contain `text`, folded in the same way. A run of
// digits at either end of `text` also matches a part of a longer run. Returns an empty pattern if folding leaves
// nothing to search for.
std::string name_pattern(std::string_view text);

}  // namespace bodega::app
