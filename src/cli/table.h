// Rows for a terminal, each column as wide as its longest cell.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Cells may be UTF-8, and are shown as base/visible_text.h has it. A line a row, without blanks at its end.
std::vector<std::string> table(std::vector<std::vector<std::string>> rows);

}  // namespace bodega::cli
