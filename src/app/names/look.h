// The appearance of names: scripts, letters that look alike, and invisible text. Pure functions on UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

// True if each run of letters has one script, or several scripts that are usually written together (Han with Kana,
// Hangul or Bopomofo, and Latin). This is Unicode's "highly restrictive" level (UTS #39, section 5.2).
bool is_of_one_script(std::string_view name);

// Replaces each letter that looks like a Latin letter by that Latin letter (UTS #39, section 4). People can't
// distinguish two user names that have the same result. Does not fold case.
std::string latin_look(std::string_view name);

// True for text that consists of zero-width characters, filler characters and spaces. False for text that consists only
// of spaces, since they have a width.
bool is_invisible(std::string_view text);

}  // namespace bodega::app
