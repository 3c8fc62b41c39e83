// Limits how often an address may send requests; checked before anything else is done for a request.
#pragma once

#include <cstdint>

#include "config/rate.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Takes a token for the client's address. Returns false if there was none; the request was then answered with a 429
// and Retry-After. `scope` identifies the limit: an address has one bucket per scope. Scope 0 is edge.rate_limit.
bool within_rate(LoopContext& context, Exchange& x, std::uint32_t scope, const config::Rate& rate);

}  // namespace bodega::edge
