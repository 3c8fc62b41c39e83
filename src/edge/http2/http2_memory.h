// Counts nghttp2's memory: sessions, streams, header tables and queued frames.
#pragma once

#include <nghttp2/nghttp2.h>

#include "net/ledger.h"

namespace bodega::edge {

// Requires: the ledger outlives every session that uses the returned functions.
nghttp2_mem counted_memory(net::Ledger& ledger) noexcept;

}  // namespace bodega::edge
