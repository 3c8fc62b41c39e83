// Formats rows for a terminal; each column is as wide as its longest cell.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Cells are UTF-8, and are made safe for terminals by base/visible_text.h. Returns one line for each row, without
// blanks at the end.
std::vector<std::string> table(std::vector<std::vector<std::string>> rows);

}  // namespace bodega::cli
