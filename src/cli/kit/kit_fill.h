// Fills in the kit's placeholders. @NAME@ stands for a value, which is a list. A line with @NAME@ is written once for
// each item of the list. It is omitted if the list is empty. The lines between "@BEGIN NAME@" and "@END NAME@", each on
// its own line, are omitted if NAME has no items. A name has capitals, digits and '_'; any other '@' is literal.
//
// Pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::cli {

// Returns the list of values of a placeholder, or nullopt if there is no placeholder with this name.
using KitLookup = std::function<std::optional<std::vector<std::string>>(std::string_view name)>;

// Throws Error{internal} for an unknown placeholder, an unclosed block, and a line with two lists of several items
// each. The message names the line.
std::string fill_kit_file(std::string_view text, const KitLookup& look_up);

}  // namespace bodega::cli
