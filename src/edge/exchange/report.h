// The end of an exchange: the metrics count it, the access log gets its line.
#pragma once

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Once an exchange, by its protocol, when nothing more of the answer is to be sent. On the loop's thread.
void report(Worker& worker, Exchange& x);

}  // namespace bodega::edge
