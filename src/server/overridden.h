// Settings of the file that have no effect, since .env or the environment sets them to something else.
#pragma once

#include "config/origin.h"

namespace bodega::cli {

// A line in the log for each of the two that does, with the settings and where the file has them.
void log_overridden(const config::Origins& origins);

}  // namespace bodega::cli
