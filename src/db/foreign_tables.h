// Detects another program's tables in the database that is to become a catalog.
#pragma once

#include "db/connection.h"

namespace bodega::db {

// Throws Error{config_invalid}, which names the tables, if a database without a catalog has tables that the first
// migration does not create. Accepts any catalog, even with other tables beside it, and a database whose first
// migration was killed. Changes nothing.
void require_no_foreign_tables(Connection& connection);

}  // namespace bodega::db
