// A file's path, for a person. Works with any schema version of the catalog.
#pragma once

#include <string>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// Returns "space/folder/name", or "space/name (in the trash)"; empty if the entry does not exist.
std::string file_path(db::Connection& connection, const base::Ulid& entry);

}  // namespace bodega::store
