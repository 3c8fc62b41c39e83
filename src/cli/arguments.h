// Parses a command line into a command, its arguments, its options and the settings' flags.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace bodega::cli {

// `words` is everything after the program's name. Options and arguments may be mixed; "--" ends the options;
// "--name=value" and "--name value" are the same. Throws Error{config_invalid} if the words don't fit a command, with
// one line that suggests what may have been meant.
Invocation parse_arguments(const std::vector<std::string>& words);

}  // namespace bodega::cli
