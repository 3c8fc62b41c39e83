// Sweeps what has ended by itself: sessions, attempts, set-up tokens, keys of creations. Any node may, at any time;
// thread-safe.
#pragma once

#include "app/services.h"

namespace bodega::app {

void remove_expired_sign_ins(const Services& services);
void remove_expired_creation_keys(const Services& services);

}  // namespace bodega::app
