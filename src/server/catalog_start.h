// Waits for a catalog that may not be available yet: the database is still starting, or another node is migrating.
#pragma once

#include "config/config.h"
#include "server/signals.h"

namespace bodega::server {

// Brings the schema up to date. Retries for at most database.start_wait while the database can't be reached; logs that
// once. False if a stop was requested meanwhile. Throws the last try's error, or at once an error that waiting can't
// fix (a refused password).
bool start_catalog(const config::Config& config, Signals& signals);

}  // namespace bodega::server
