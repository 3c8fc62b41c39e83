// Ends a process whose shutdown hangs.
#pragma once

#include "config/config.h"

namespace bodega::server {

// Starts a thread that ends the process with status 1 and a log line if it still runs after `limit`. For threads that
// are blocked in a file system that does not respond: nothing can wake those.
void end_within(config::Duration limit);

}  // namespace bodega::server
