// What names look like to a person: scripts, letters that look alike, and text in which nothing can be seen.
// Pure functions on UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace bodega::app {

// A run of letters is of one script, or of several that are written together (Han with Kana, Hangul or Bopomofo, and
// Latin), as Unicode's "highly restrictive" level has it (UTS #39, section 5.2).
bool is_of_one_script(std::string_view name);

// With each letter of another script that looks like a Latin one as that one (UTS #39, section 4): two user names of
// the same look can't be told apart. Not yet folded.
std::string latin_look(std::string_view name);

// Nothing in it can be seen: zero-width and filler characters, beside blanks at most. Blanks by themselves have a
// width.
bool is_invisible(std::string_view text);

}  // namespace bodega::app
