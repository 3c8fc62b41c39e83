// The kernel's figures about this process, under the standard names of Prometheus client libraries.
#pragma once

#include "base/exposition.h"

namespace bodega::server {

void write_process_metrics(base::Exposition& out);  // thread-safe; omits what /proc does not provide

}  // namespace bodega::server
