// The end of a process that has done all it owed: what still hangs is not waited for.
#pragma once

#include "config/config.h"

namespace bodega::cli {

// From a thread of its own, which ends with the process: if that still runs after `limit`, it is ended with status 1
// and a line in the log. For threads that are inside a file system that does not answer: nothing wakes those.
void end_within(config::Duration limit);

}  // namespace bodega::cli
