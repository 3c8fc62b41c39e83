// Reports settings in the file that have no effect, because .env or the environment sets other values.
#pragma once

#include "config/origin.h"

namespace bodega::server {

// Logs one line for .env and one for the environment, if they override settings of the file. The line names the
// settings and their places in the file.
void log_overridden(const config::Origins& origins);

}  // namespace bodega::server
