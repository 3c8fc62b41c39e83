// Turns environment variables into settings: BODEGA_…, the keys' alternative names, and the classic DB_… variables.
#pragma once

#include "config/dotenv.h"
#include "config/problems.h"
#include "config/setting.h"

namespace bodega::config {

// A key's own variable comes last in the result, so it has priority over the key's alternative name and over the
// classic variables. Throws Error{config_invalid} for a BODEGA_… variable that is not a setting, and for an incomplete
// set of classic variables (DB_NAME without DB_HOST). Ignores the names that Kubernetes makes for a service called
// "bodega" (BODEGA_PORT_80_TCP, BODEGA_SERVICE_HOST).
Settings read_variables(const Variables& variables);

// Like the function above, but adds mistakes to `problems` and returns the valid settings.
Settings read_variables(const Variables& variables, Problems& problems);

}  // namespace bodega::config
