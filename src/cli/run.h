// Runs the command line. One of the four places where exceptions stop.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Runs the command in `words` (everything after the program's name) and returns the process's exit code: 0 done, 1
// failed, 2 usage or configuration. Prints an error as one line on standard error.
int run(const std::vector<std::string>& words) noexcept;

}  // namespace bodega::cli
