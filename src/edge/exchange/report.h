// Ends an exchange: updates the metrics and writes the access log entry.
#pragma once

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Called by the protocol once for each exchange, after the last byte of the answer. Runs on the loop's thread.
void report(LoopContext& context, Exchange& x);

}  // namespace bodega::edge
