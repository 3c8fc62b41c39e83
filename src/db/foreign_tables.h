// Tables of another program in the database that is to take a catalog.
#pragma once

#include "db/connection.h"

namespace bodega::db {

// Throws Error{config_invalid}, which names them, if a database without a catalog has tables that no first migration
// makes. Passes for a catalog, whatever else its database has, and for one whose first migration was killed. Changes
// nothing.
void require_no_foreign_tables(Connection& connection);

}  // namespace bodega::db
