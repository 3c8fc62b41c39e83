// Detects another program's tables in the database that is to become a catalog.
#pragma once

#include "db/connection.h"

namespace bodega::db {

// Throws Error{config_invalid} if the database has no catalog, but has tables that the first migration does not create;
// the message names them. Accepts a database with a catalog, even if it has other tables too, and a database in which
// the first migration was interrupted. Changes nothing.
void require_no_foreign_tables(Connection& connection);

}  // namespace bodega::db
