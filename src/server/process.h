// Process-wide settings of the kernel and of malloc that serve applies once at start.
#pragma once

#include <cstdint>

#include "config/config.h"

namespace bodega::server {

// If standard input, output or error is closed, opens a placeholder under its number, so that no file or connection
// gets that number. Call it before anything is opened.
void hold_standard_descriptors() noexcept;

// Makes malloc use few arenas and return memory early, so that an idle server with a hundred threads stays small.
void limit_heap() noexcept;

// Selects SCHED_BATCH, so that a woken thread does not preempt a running one. A loop then handles several events at
// each wake-up, with fewer context switches. No effect while a core is free. Threads that are created later inherit the
// policy.
void prefer_throughput() noexcept;

// Raises the limit of open files to the maximum, and returns it.
std::uint64_t raise_file_limit() noexcept;

// Lowers edge.max_connections if `file_limit` is too low for it. Two thirds of the descriptors are for client
// connections, and one third is for the files and upstream connections that they use. That is enough, because at any
// moment most client connections use neither.
void fit_connections(config::Config& config, std::uint64_t file_limit);

}  // namespace bodega::server
