// A key that runs once came again with another call.
#pragma once

#include "base/error.h"

namespace bodega::app {

class KeyReused : public base::Error {
public:
    KeyReused() : Error(base::Code::conflict, "That key has begun another job. Give each job a key of its own.") {}
};

}  // namespace bodega::app
