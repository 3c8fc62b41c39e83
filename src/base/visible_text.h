// Text from outside as it may be shown on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace bodega::base {

// With each character that would change how the others read as "<U+202E>": the controls of writing direction (U+202A to
// U+202E, U+2066 to U+2069), line and paragraph separators, and C0 and C1 controls but for line breaks and tabs. What
// is not UTF-8 stays.
std::string visible_text(std::string_view text);

// The same of one name: line breaks and tabs are marked too, and bytes that are not UTF-8 as "<0x9B>", which some
// terminals take for a control.
std::string visible_name(std::string_view name);

}  // namespace bodega::base
