// What a loop does when it holds more for its clients than edge.max_memory allows.
#pragma once

#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Cuts the connection that holds most, if one holds much, so that the other clients' requests can be answered again
// soon. Searches at most once in a few milliseconds, since it visits every connection.
void relieve(LoopContext& context) noexcept;

}  // namespace bodega::edge
