// What a loop does when its clients make it hold more than edge.max_memory allows for.
#pragma once

#include "edge/exchange/loop_context.h"

namespace bodega::edge {

// Cuts the connection that holds most, if one holds much, so that what the others ask can be answered again a moment
// later. At most once in some milliseconds: it looks at every connection.
void relieve(Worker& worker) noexcept;

}  // namespace bodega::edge
