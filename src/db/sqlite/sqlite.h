// The SQLite driver: one node, a file on a local disk, write-ahead log, every commit synced.
#pragma once

#include <memory>

#include "db/source.h"

namespace bodega::db {

// See connect() in db/source.h.
std::unique_ptr<Connection> connect_sqlite(const Source& source);

}  // namespace bodega::db
