// Makes untrusted text safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace bodega::base {

// Writes a mark such as "<U+202E>" in place of each character that changes how a terminal shows the following text.
// These characters are the controls of writing direction (U+202A to U+202E, U+2066 to U+2069), line and paragraph
// separators, and C0 and C1 controls except NUL, line breaks and tabs. Invalid UTF-8 is not changed.
std::string visible_text(std::string_view text);

// Like visible_text, for one name. Also marks NUL, line breaks and tabs. Marks bytes that are not UTF-8 as "<0x9B>",
// since some terminals treat these bytes as controls.
std::string visible_name(std::string_view name);

}  // namespace bodega::base
