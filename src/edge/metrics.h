// Writes the edge's counters as Prometheus metrics.
#pragma once

#include <span>

#include "base/exposition.h"
#include "edge/exchange/loop_context.h"
#include "edge/exchange/stats.h"
#include "edge/tls/tls_contexts.h"

namespace bodega::edge {

void add_to(Stats& stats, const Counters& counters) noexcept;

void add_to(Traffic& traffic, const RouteMeter& meter) noexcept;

// Writes `stats`, and the sums of the loops' counters for each route and upstream. May be called on any thread.
void write_metrics(base::Exposition& out, std::span<const LoopContext* const> loops, const Stats& stats);

// Writes the expiry time of each certificate in use.
void write_expiries(base::Exposition& out, const TlsContexts& contexts);

}  // namespace bodega::edge
