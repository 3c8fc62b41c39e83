// A key came before with another request.
#pragma once

#include "base/error.h"

namespace bodega::app {

class KeyReused : public base::Error {
public:
    KeyReused()
        : Error(base::Code::conflict, "That Idempotency-Key came with another request before. Make a new one.") {}
};

}  // namespace bodega::app
