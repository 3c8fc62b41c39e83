// The whole command line: one of the four doors where exceptions stop.
#pragma once

#include <string>
#include <vector>

namespace bodega::cli {

// Runs what the words after the program's name ask for and returns the process's exit code: 0 done, 1 failed,
// 2 usage or configuration. What went wrong is one line on standard error.
int run(const std::vector<std::string>& words) noexcept;

}  // namespace bodega::cli
