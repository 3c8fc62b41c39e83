// The kit's placeholders. @NAME@ stands for a value, which is a list: a line is written once for each item of the list
// that it names, so not at all for an empty one. The lines between "@BEGIN NAME@" and "@END NAME@", each alone on its
// line, are left out if NAME has no items. A name has capitals, digits and '_'; any other '@' stands for itself.
//
// Pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::cli {

// The items of a name; nullopt: there is no such placeholder.
using KitLookup = std::function<std::optional<std::vector<std::string>>(std::string_view name)>;

// Throws Error{internal}, which names the line, for an unknown placeholder, a block that is not closed, and a line with
// two lists of several items each.
std::string fill_kit_file(std::string_view text, const KitLookup& look_up);

}  // namespace bodega::cli
