// Makes text from outside safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace bodega::base {

// Replaces each character that would change how the rest of the text reads with a mark such as "<U+202E>": the controls
// of writing direction (U+202A to U+202E, U+2066 to U+2069), line and paragraph separators, and C0 and C1 controls
// except line breaks and tabs. Invalid UTF-8 stays.
std::string visible_text(std::string_view text);

// The same for one name: also marks line breaks and tabs, and marks bytes that are not UTF-8 as "<0x9B>", since some
// terminals take such bytes for controls.
std::string visible_name(std::string_view name);

}  // namespace bodega::base
