// nghttp2's memory, counted: its sessions, their streams, header tables and frames that wait to be sent.
#pragma once

#include <nghttp2/nghttp2.h>

#include "net/ledger.h"

namespace bodega::edge {

// The ledger outlives every session that is made with it.
nghttp2_mem counted_memory(Ledger& ledger) noexcept;

}  // namespace bodega::edge
