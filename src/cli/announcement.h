// Prints what the person who starts serve needs: where it listens, and how to create the first administrator.
#pragma once

#include "server/node.h"

namespace bodega::cli {

// Prints to standard output. If standard output is closed, logs a warning, and the node serves anyway.
void announce(const server::NodeReady& ready) noexcept;

}  // namespace bodega::cli
