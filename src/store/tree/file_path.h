// Where a file is, for a person, in whatever schema the catalog has.
#pragma once

#include <string>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// "space/folder/name", or "space/name (in the trash)"; empty if there is no such entry.
std::string file_path(db::Connection& connection, const base::Ulid& entry);

}  // namespace bodega::store
