// The MySQL and MariaDB driver, on MariaDB Connector/C's prepared statements (the binary protocol).
#pragma once

#include <memory>

#include "db/source.h"

namespace bodega::db {

// See connect() in db/source.h.
std::unique_ptr<Connection> connect_mysql(const Source& source);

}  // namespace bodega::db
