// Reloads the configuration on SIGHUP, while the server runs.
#pragma once

#include "server/run_until_stopped.h"

namespace bodega::server {

// Applies the settings that a running server can apply. Logs the others, which need a restart. If the configuration is
// invalid, or has addresses that can't be bound, changes nothing and logs one line.
void reload(Running& running);

}  // namespace bodega::server
