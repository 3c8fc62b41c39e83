#include "support/catalog.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "db/migrate.h"
#include "support/mariadb.h"

namespace bodega::test {

using db::Dialect;

std::vector<Dialect> engines() {
    const char* only = std::getenv("BODEGA_TEST_ENGINE");
    if (only == nullptr) return {Dialect::sqlite, Dialect::mysql};
    return {std::string_view(only) == "sqlite" ? Dialect::sqlite : Dialect::mysql};
}

TestCatalog::TestCatalog(Dialect engine, db::Pool::Options options) : TestCatalog(engine, Empty{}, options) {
    db::migrate(source_);
}

TestCatalog::TestCatalog(Dialect engine, Empty, db::Pool::Options options) {
    if (engine == Dialect::mysql) source_ = MariaDb::instance().make_database();
    else source_.path = folder_ / "catalog.db";
    pool_ = std::make_unique<db::Pool>(source_, options);
}

TestCatalog::~TestCatalog() {
    pool_.reset();
    if (source_.dialect == Dialect::mysql) MariaDb::instance().drop_database(source_.name);
}

std::int64_t TestCatalog::number(const db::Sql& sql, std::initializer_list<db::Param> params) {
    auto connection = pool_->acquire();
    auto& row = connection->query(sql, params);
    const std::int64_t value = row.next() ? row.int64(0) : 0;
    row.reset();
    return value;
}

db::Changes TestCatalog::execute(const db::Sql& sql, std::initializer_list<db::Param> params) {
    return pool_->acquire()->execute(sql, params);
}

}  // namespace bodega::test
