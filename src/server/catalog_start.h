// Getting to a catalog that may not be there yet: a database that starts beside us, another node that migrates.
#pragma once

#include "server/signals.h"
#include "config/config.h"

namespace bodega::cli {

// Brings the schema up, trying again for at most database.start_wait while the database can't be reached; says so
// in the log once. False if a stop was requested meanwhile. Throws what the last try threw, and at once what no
// waiting mends (a refused password).
bool start_catalog(const config::Config& config, Signals& signals);

}  // namespace bodega::cli
