// Limits the rate of requests from an address. Checked before any other work for a request.
#pragma once

#include <cstdint>

#include "config/rate.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Takes a token for the client's address. If there is no token, answers 429 with Retry-After and returns false. scope:
// identifies the limit, such as a route's; an address has one bucket for each scope. Scope 0 is edge.rate_limit.
bool within_rate(LoopContext& context, Exchange& x, std::uint32_t scope, const config::Rate& rate);

}  // namespace bodega::edge
