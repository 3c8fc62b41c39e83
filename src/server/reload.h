// SIGHUP: the configuration, read anew while the server runs.
#pragma once

#include "server/run_until_stopped.h"

namespace bodega::cli {

// What runs follows what it can; what can't be followed is named in the log and stays until a restart. A
// configuration that is wrong, or whose addresses can't be listened on, changes nothing: the log has its one line.
void reload(Running& running);

}  // namespace bodega::cli
