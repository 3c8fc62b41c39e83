// Formats rows for a terminal; each column is as wide as its longest cell.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Cells may be UTF-8 and are shown by base/visible_text.h. One line per row, without blanks at the end.
std::vector<std::string> table(std::vector<std::vector<std::string>> rows);

}  // namespace bodega::cli
