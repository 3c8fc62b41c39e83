// Rows for a terminal, each column as wide as its longest cell.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Cells may be UTF-8. A line a row, without blanks at its end.
std::vector<std::string> table(const std::vector<std::vector<std::string>>& rows);

}  // namespace bodega::cli
