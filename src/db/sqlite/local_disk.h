// Checks that a folder is on a local disk: SQLite's locks and its shared memory need one.
#pragma once

#include <string>

namespace bodega::db {

// Throws Error{config_invalid} if `folder` is missing or on a network file system.
void require_local_disk(const std::string& folder);

}  // namespace bodega::db
