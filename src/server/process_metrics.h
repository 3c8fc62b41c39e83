// What the kernel knows of this process, under the names that every Prometheus client library gives it.
#pragma once

#include "base/exposition.h"

namespace bodega::cli {

void write_process_metrics(base::Exposition& out);  // thread-safe; leaves out what /proc does not say

}  // namespace bodega::cli
