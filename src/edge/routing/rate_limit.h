// A limit on how often an address may ask, before anything else is done for it.
#pragma once

#include <cstdint>

#include "config/rate.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Takes a token of the client's address. False: there was none, and it is answered: 429 with Retry-After.
// scope: what has the limit; addresses have a bucket for each. 0 is edge.rate_limit's.
bool within_rate(Worker& worker, Exchange& x, std::uint32_t scope, const config::Rate& rate);

}  // namespace bodega::edge
