// Waits for a catalog that may not be available yet: the database is still starting, or another node is migrating.
#pragma once

#include "config/config.h"
#include "server/signals.h"

namespace bodega::server {

// Brings the schema up to date. Retries for at most database.start_wait while the database can't be reached; logs that
// once. Returns false if a stop was requested meanwhile. Throws the error of the last try. Throws at once if waiting
// can't fix the error (a refused password).
bool start_catalog(const config::Config& config, Signals& signals);

}  // namespace bodega::server
