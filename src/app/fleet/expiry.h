// Removes expired rows: sessions, failed attempts, known devices, set-up tokens, idempotency keys. Any node may call it
// at any time; thread-safe.
#pragma once

#include "app/services.h"

namespace bodega::app {

void remove_expired_sign_ins(const Services& services);
void remove_expired_creation_keys(const Services& services);

}  // namespace bodega::app
