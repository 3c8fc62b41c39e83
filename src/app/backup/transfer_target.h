// A database that is to take a transfer: closed to everybody else before anything is made in it.
#pragma once

#include <string>

#include "db/source.h"

namespace bodega::app {

// Marks the database as the target of a transfer from `source`, then makes the tables of `schema`. Killed at any
// moment it can be run again with the same words; until then no node serves what is there, whatever its version.
// Throws Error{conflict} for a database that has rows and is not such a target, Error{config_invalid} for one with
// tables of another program, and changes nothing then.
void make_transfer_target(const db::Source& target, const std::string& source, int schema);

// Throws as that does, and Error{conflict} too for the target of another transfer, or tables of a newer schema, before
// anything is made anywhere: nothing is changed, and no SQLite file comes to be.
void require_transfer_target(const db::Source& target, const std::string& source, int schema);

}  // namespace bodega::app
