#pragma once

#include "net/task.h"

namespace bodega::edge {

class Exchange;

// Answers exchanges. Each loop has its own handler.
class Handler {
public:
    virtual ~Handler() = default;
    // The handler and `x` outlive the coroutine. If the coroutine throws, the answer is a 500, or is truncated if it
    // has begun.
    virtual net::Task<void> handle(Exchange& x) = 0;
};

}  // namespace bodega::edge
