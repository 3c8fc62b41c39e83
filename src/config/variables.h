// Turns environment variables into settings: BODEGA_…, the keys' other names, and the classic DB_… ones.
#pragma once

#include "config/dotenv.h"
#include "config/problems.h"
#include "config/setting.h"

namespace bodega::config {

// Of the settings, a key's own variable comes after (so it wins over) its other name and the classic ones.
// Throws Error{config_invalid} for a BODEGA_… variable that is no setting, and for classic variables that
// make no whole (DB_NAME without DB_HOST). Names that Kubernetes makes for a service called "bodega"
// (BODEGA_PORT_80_TCP, BODEGA_SERVICE_HOST) are left alone.
Settings read_variables(const Variables& variables);

// The same, where mistakes may be kept: the settings that are left without them.
Settings read_variables(const Variables& variables, Problems& problems);

}  // namespace bodega::config
