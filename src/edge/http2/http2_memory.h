// Counts nghttp2's memory: its sessions, their streams, header tables and queued frames.
#pragma once

#include <nghttp2/nghttp2.h>

#include "net/ledger.h"

namespace bodega::edge {

// The ledger outlives every session made with it.
nghttp2_mem counted_memory(net::Ledger& ledger) noexcept;

}  // namespace bodega::edge
