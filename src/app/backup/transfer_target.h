// Prepares a database as the target of a transfer. Closes the database to all other users before anything is created in
// it.
#pragma once

#include <string>

#include "db/source.h"

namespace bodega::app {

// Marks the database as the target of a transfer from `source`, then creates the tables of `schema`. A run that was
// killed can be repeated with the same `source`. Until the transfer ends, no node of any version serves the catalog.
// Throws Error{conflict} for a database that has rows and is not the target of this transfer, and Error{config_invalid}
// for a database with tables of another program. In both cases nothing is changed.
void make_transfer_target(const db::Source& target, const std::string& source, int schema);

// Checks that make_transfer_target would succeed. Throws what it throws, and also Error{conflict} if the database is
// the target of another transfer or has tables of a newer schema. Changes nothing and creates no SQLite file.
void require_transfer_target(const db::Source& target, const std::string& source, int schema);

}  // namespace bodega::app
