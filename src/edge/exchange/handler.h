#pragma once

#include "net/task.h"

namespace bodega::edge {

class Exchange;

// Answers exchanges; one per loop.
class Handler {
public:
    virtual ~Handler() = default;
    // The handler and `x` outlive the coroutine. It may throw: then the answer is a 500, or is truncated.
    virtual net::Task<void> handle(Exchange& x) = 0;
};

}  // namespace bodega::edge
