// The edge's numbers as Prometheus metrics.
#pragma once

#include <span>

#include "base/exposition.h"
#include "edge/server.h"
#include "edge/tls/tls_contexts.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

void add_to(Stats& stats, const Counters& counters) noexcept;

void add_to(Traffic& traffic, const RouteMeter& meter) noexcept;

// Sums up what the workers count by route and by upstream. Any thread.
void write_metrics(base::Exposition& out, std::span<const Worker* const> workers, const Stats& stats);

// Until when the certificates in use are good.
void write_expiries(base::Exposition& out, const TlsContexts& contexts);

}  // namespace bodega::edge
