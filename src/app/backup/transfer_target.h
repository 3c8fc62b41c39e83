// Prepares a database as the target of a transfer. It is closed to all other users before anything is created in it.
#pragma once

#include <string>

#include "db/source.h"

namespace bodega::app {

// Marks the database as the target of a transfer from `source`, then creates the tables of `schema`. If it is killed at
// any moment, run it again with the same `source`; until the transfer ends, no node of any version serves the catalog.
// Throws Error{conflict} for a database that has rows and is not such a target, Error{config_invalid} for one with
// tables of another program; then changes nothing.
void make_transfer_target(const db::Source& target, const std::string& source, int schema);

// Throws as make_transfer_target does, and Error{conflict} for the target of another transfer and for tables of a newer
// schema. Changes nothing and creates no SQLite file.
void require_transfer_target(const db::Source& target, const std::string& source, int schema);

}  // namespace bodega::app
