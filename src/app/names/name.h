// File and folder names: what is kept, and what a name sorts and is searched by.
//
// A name is kept exactly as given but for one thing, Unicode's composed form (NFC), so that the "é" of one
// system is the "é" of another. What can't be kept so is refused, never changed. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

inline constexpr std::size_t kNameMaxBytes = 255;
inline constexpr std::size_t kNameKeyMaxBytes = 765;

// The name in NFC. Throws Error{name_invalid}, saying what is wrong, unless it is UTF-8 of 1 to 255 bytes in
// NFC without '/', NUL and other control characters (C0, DEL, C1), and neither "." nor "..", and has at least one
// character that can be seen. Right-to-left marks, reserved names of other systems, trailing dots, backslashes and
// emoji are kept.
std::string clean_name(std::string_view name);

// What the name sorts and is searched by, compared bytewise: folded for case, width and accents
// (NFKC_Casefold without marks), and with each run of digits led by '/' and the count of its digits (without
// leading zeros) as one control character, neither of which a name can hold: "img2" comes before "img10".
// Cut at a character's boundary to 765 bytes. Requires: UTF-8.
std::string name_key(std::string_view name);

// The SQL LIKE pattern (escape '!') that finds the keys of names that contain `text`, folded in the same way;
// a run of digits at its ends may be part of a longer one. Empty if nothing is left to look for.
std::string name_pattern(std::string_view text);

}  // namespace bodega::app
