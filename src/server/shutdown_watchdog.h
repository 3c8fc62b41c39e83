// Ends a process whose shutdown hangs.
#pragma once

#include "config/config.h"

namespace bodega::server {

// Starts a thread that ends the process with status 1 and a log line if it still runs after `limit`. Threads may be
// blocked in a file system that does not respond, and nothing can wake such threads.
void end_within(config::Duration limit);

}  // namespace bodega::server
