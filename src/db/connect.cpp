// The only file that knows both drivers.
#include "db/mysql/mysql.h"
#include "db/source.h"
#include "db/sqlite/sqlite.h"

namespace bodega::db {

std::unique_ptr<Connection> connect(const Source& source) {
    return source.dialect == Dialect::sqlite ? connect_sqlite(source) : connect_mysql(source);
}

}  // namespace bodega::db
