#include "edge/observe/request_stats.h"

namespace bodega::edge {

void RequestStats::begin() noexcept {
    began = base::Steady::now();
    protocol = {};
    status = 0;
    whole = false;
    received = sent = 0;
    route.clear();
    upstream.clear();
    server.clear();
    upstream_micros = 0;
}

}  // namespace bodega::edge
