// What serve asks of the kernel and of malloc for the whole process, once at start.
#pragma once

#include <cstdint>

#include "config/config.h"

namespace bodega::cli {

// Where standard input, output or error is closed: takes its number by something that can't be written to or read from,
// so that no file or connection gets it. Before anything is opened.
void hold_standard_descriptors() noexcept;

// Few arenas, returned early: a server of a hundred threads at rest keeps its memory small.
void limit_heap() noexcept;

// Threads that are woken do not interrupt those that work (SCHED_BATCH): the loops then find several events at a
// wake, where each would have cost two switches. Of no effect while a core is free. The threads made later inherit it.
void prefer_throughput() noexcept;

// Raises the limit of open files as far as it goes, and returns it.
std::uint64_t raise_file_limit() noexcept;

// Lowers edge.max_connections to what that limit allows: two descriptors of three are for connections, the third for
// files that are sent and servers that are asked, since most connections do neither at a time.
void fit_connections(config::Config& config, std::uint64_t file_limit);

}  // namespace bodega::cli
