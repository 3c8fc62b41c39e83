#include "db/mysql.h"

#include "base/error.h"

namespace bodega::db {

std::unique_ptr<Connection> connect_mysql(const Source&) {
    throw base::Error(base::Code::config_invalid, "this build has no MySQL driver yet; use SQLite");
}

}  // namespace bodega::db
