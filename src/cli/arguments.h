// Reads a command line: which command, its arguments, its options and the settings' flags.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace bodega::cli {

// `words` are what follows the program's name. Options and arguments may be mixed; "--" ends the options;
// "--name=value" and "--name value" are the same. Throws Error{config_invalid} for what doesn't fit, with one
// line that proposes what may have been meant.
Invocation parse_arguments(const std::vector<std::string>& words);

}  // namespace bodega::cli
