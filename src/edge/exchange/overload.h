// Handles a loop that holds more bytes for its clients than edge.max_memory allows.
#pragma once

#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Cuts the connection that holds the most bytes, if it holds many, so that requests of other clients can be answered
// again. A search visits every connection, so calls that follow within a few milliseconds do nothing.
void relieve(LoopContext& context) noexcept;

}  // namespace bodega::edge
