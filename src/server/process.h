// Process-wide settings of the kernel and of malloc that serve applies once at start.
#pragma once

#include <cstdint>

#include "config/config.h"

namespace bodega::server {

// If standard input, output or error is closed, opens a placeholder under its number, so that no file or connection
// gets that number. Call it before anything is opened.
void hold_standard_descriptors() noexcept;

// Uses few malloc arenas and returns memory early: an idle server with a hundred threads stays small.
void limit_heap() noexcept;

// Woken threads do not preempt running ones (SCHED_BATCH), so a loop finds several events per wake-up, where each would
// have cost two context switches. No effect while a core is free. Threads created later inherit it.
void prefer_throughput() noexcept;

// Raises the limit of open files to the maximum, and returns it.
std::uint64_t raise_file_limit() noexcept;

// Lowers edge.max_connections to what that limit allows. Two of three descriptors are for connections; the third is for
// files being sent and connections to upstreams, since most client connections need neither at a time.
void fit_connections(config::Config& config, std::uint64_t file_limit);

}  // namespace bodega::server
