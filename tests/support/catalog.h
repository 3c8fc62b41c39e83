// A fresh, migrated catalog for one test case, on either engine:
//
//   TEST_CASE("…") {
//       const auto engine = GENERATE(from_range(test::engines()));
//       test::TestCatalog catalog(engine);
//       CHECK(store::… (catalog.pool()) == …);
//
// SQLite: a file in a temporary folder. MySQL: a separate database on the process's mariadbd (tests/support/mariadb.h).
// The destructor removes both.
#pragma once

#include <catch2/catch_tostring.hpp>
#include <memory>
#include <vector>

#include "db/pool.h"
#include "support/temp_folder.h"

namespace bodega::test {

// Both; BODEGA_TEST_ENGINE=sqlite or =mysql narrows it for a quick try.
std::vector<db::Dialect> engines();

class TestCatalog {
public:
    explicit TestCatalog(db::Dialect engine, db::Pool::Options options = {});
    // Without the schema: for tests of the migrations.
    struct Empty {};
    TestCatalog(db::Dialect engine, Empty, db::Pool::Options options = {});
    ~TestCatalog();

    db::Pool& pool() noexcept { return *pool_; }
    const db::Source& source() const noexcept { return source_; }

    // Statements outside of any repository, to prepare or check rows.
    std::int64_t number(const db::Sql& sql, std::initializer_list<db::Param> params = {});
    db::Changes execute(const db::Sql& sql, std::initializer_list<db::Param> params = {});

private:
    test::TempFolder folder_;
    db::Source source_;
    std::unique_ptr<db::Pool> pool_;
};

}  // namespace bodega::test

template <>
struct Catch::StringMaker<bodega::db::Dialect> {
    static std::string convert(bodega::db::Dialect dialect) {
        return dialect == bodega::db::Dialect::sqlite ? "sqlite" : "mysql";
    }
};
