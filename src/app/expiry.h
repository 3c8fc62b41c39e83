// Sweeps what has ended by itself: sessions, attempts, set-up tokens. Any node may, at any time; thread-safe.
#pragma once

#include "app/services.h"

namespace bodega::app {

void remove_expired_sign_ins(const Services& services);

}  // namespace bodega::app
