// Brings a catalog's schema up to this binary's version.
#pragma once

#include <vector>

#include "db/connection.h"

namespace bodega::db {

// Applies the missing migrations in order under a lock that other processes wait for (MySQL: GET_LOCK on
// this connection; SQLite: a write transaction). One statement a step, each recorded, so that a crash in
// the middle is picked up by the next start. Migrations only expand; a schema newer than the binary is
// left alone (version N beside N+1). Returns the versions applied. Throws Error{unavailable} if the lock
// isn't free within a minute.
std::vector<int> migrate(Connection& connection);

// The highest version applied, 0 for an empty catalog.
int schema_version(Connection& connection);

}  // namespace bodega::db
