// How names look to a person: scripts, letters that look alike, and invisible text. Pure functions on UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

// True if each run of letters is of one script, or of scripts that are written together (Han with Kana, Hangul or
// Bopomofo, and Latin), as in Unicode's "highly restrictive" level (UTS #39, section 5.2).
bool is_of_one_script(std::string_view name);

// Replaces each letter that looks like a Latin letter by that one (UTS #39, section 4). People can't tell two user
// names with the same result apart. The result is not case-folded.
std::string latin_look(std::string_view name);

// True if nothing in the text is visible: it has zero-width or filler characters, and apart from them only spaces.
// Spaces alone do not count as invisible, since they have a width.
bool is_invisible(std::string_view text);

}  // namespace bodega::app
