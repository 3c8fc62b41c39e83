// What serve asks of the kernel and of malloc for the whole process, once at start.
#pragma once

#include "config/config.h"

namespace bodega::cli {

// Few arenas, returned early: a server of a hundred threads at rest keeps its memory small.
void limit_heap() noexcept;

// Raises the limit of open files as far as it goes, and lowers edge.max_connections (with a word in the log) to
// what fits: a proxied or a sent file takes up to three descriptors a connection.
void raise_file_limit(config::Config& config);

}  // namespace bodega::cli
