// Handles a loop that holds more bytes for its clients than edge.max_memory allows.
#pragma once

#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Cuts the connection that holds the most bytes, if it holds many, so that other clients' requests can be answered
// again soon. A search visits every connection, so there is at most one search in a few milliseconds.
void relieve(LoopContext& context) noexcept;

}  // namespace bodega::edge
