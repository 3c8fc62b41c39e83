#include "support/catalog.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "db/migrate.h"

namespace bodega::test {

using db::Dialect;

std::vector<Dialect> engines() { return {Dialect::sqlite}; }

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "bodega-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TestCatalog::TestCatalog(Dialect engine, db::Pool::Options options) : TestCatalog(engine, Empty{}, options) {
    db::migrate(source_);
}

TestCatalog::TestCatalog(Dialect engine, Empty, db::Pool::Options options) {
    source_.dialect = engine;
    source_.path = folder_.path() / "catalog.db";
    pool_ = std::make_unique<db::Pool>(source_, options);
}

TestCatalog::~TestCatalog() = default;

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
