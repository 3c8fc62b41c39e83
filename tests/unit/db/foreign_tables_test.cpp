// Another program's database is refused before anything is created in it; one whose first migration was killed is
// accepted.
#include "db/foreign_tables.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/error.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "support/catalog.h"

namespace bodega {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::TestCatalog;

TEST_CASE("another program's tables are refused by name, and nothing is created beside them", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    const std::string_view tables[] = {
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(80))",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "CREATE TABLE schema_migrations (version VARCHAR(14) PRIMARY KEY)",
    };
    for (const std::string_view table : tables) {
        catalog.pool().acquire()->execute_text("test", table);
        const auto before = db::tables_in(*catalog.pool().acquire());
        CHECK(db::schema_version(*catalog.pool().acquire()) == 0);
        CHECK_THROWS_WITH(db::migrate(catalog.source()), ContainsSubstring("users. bodega needs an empty database"));
        CHECK_THROWS_AS(db::migrate(*catalog.pool().acquire()), base::Error);
        CHECK(db::tables_in(*catalog.pool().acquire()) == before);
    }
}

TEST_CASE("a catalog is migrated even beside other tables, and so is a half-created one", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    SECTION("another table came later") {
        db::migrate_to(catalog.source(), 4);
        catalog.pool().acquire()->execute_text("test", "CREATE TABLE alembic_version (version_num VARCHAR(32))");
    }
    SECTION("the first migration was killed") {
        const auto connection = catalog.pool().acquire();
        const auto files = db::embedded_migrations(connection->dialect() == db::Dialect::sqlite ? "sqlite" : "mysql");
        const auto steps = db::migration_steps(files.front().sql);
        connection->execute_text("test", steps[0]);
        connection->execute_text("test", steps[1]);
        connection->execute_text("test",
                                 "CREATE TABLE schema_migrations (version INTEGER NOT NULL PRIMARY KEY, "
                                 "done INTEGER NOT NULL, finished_at BIGINT)");
        connection->execute_text("test", "INSERT INTO schema_migrations (version, done) VALUES (1, 2)");
    }
    CHECK(db::migrate(catalog.source()).back() == db::newest_schema());
}

}  // namespace
}  // namespace bodega
