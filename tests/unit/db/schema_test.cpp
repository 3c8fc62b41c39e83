// The schema that the migrations make: the same tables and columns on both engines, of compatible types.
#include "db/schema.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "db/migrations.h"
#include "support/catalog.h"

namespace bodega {
namespace {

using db::ColumnType;

// MySQL types with the same values and order as SQLite's column.
bool fits(std::string_view mysql, ColumnType type, bool in_key) {
    if (type == ColumnType::integer) return mysql == "tinyint" || mysql == "int" || mysql == "bigint";
    if (mysql == "varbinary" || (mysql == "binary" && type == ColumnType::bytes)) return true;
    if (in_key) return false;
    return type == ColumnType::text ? mysql.ends_with("text") || mysql == "varchar" : mysql.ends_with("blob");
}

}  // namespace

TEST_CASE("every engine has exactly the tables and columns that the schema lists", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    std::map<std::string, std::set<std::string>> wanted;
    for (const db::Table& table : db::schema_tables()) {
        for (const db::Column& column : table.columns) wanted[table.name].insert(column.name);
    }
    CHECK(wanted.size() >= 14);
    CHECK(db::tables_in(*catalog.pool().acquire()) == wanted);
}

TEST_CASE("MySQL's columns are of types that keep SQLite's values and their order", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    constexpr db::Sql kType{"test.type",
                            "SELECT DATA_TYPE, COLUMN_KEY = 'PRI', COLLATION_NAME FROM information_schema.COLUMNS "
                            "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ?"};
    const auto connection = catalog.pool().acquire();
    for (const db::Table& table : db::schema_tables()) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            INFO(table.name << "." << table.columns[i].name);
            auto& row = connection->query(kType, {table.name, table.columns[i].name});
            REQUIRE(row.next());
            const bool in_key = std::find(table.key.begin(), table.key.end(), i) != table.key.end();
            CHECK(in_key == (row.int64(1) != 0));
            CHECK(fits(row.text(0), table.columns[i].type, in_key));
            row.reset();
        }
    }
}

TEST_CASE("an older schema is the result of the migrations up to it", "[db]") {
    const auto tables = db::schema_tables(1);
    const auto is = [](std::string_view name) { return [name](const db::Table& table) { return table.name == name; }; };
    CHECK(std::none_of(tables.begin(), tables.end(), is("ticket_keys")));
    const auto members = std::find_if(tables.begin(), tables.end(), is("members"));
    REQUIRE(members != tables.end());
    CHECK(members->columns == std::vector<db::Column>{{"space_id", ColumnType::bytes},
                                                      {"user_id", ColumnType::bytes},
                                                      {"role", ColumnType::text}});
    CHECK(members->key == std::vector<std::size_t>{0, 1});
    CHECK(db::newest_schema() == db::embedded_migrations("mysql").back().version);
}

TEST_CASE("a snapshot shows what was there when it was taken", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    constexpr db::Sql kAdd{"test.add", "INSERT INTO attempts (subject, failures, window_ends_at) VALUES (?, 1, 1)"};
    constexpr db::Sql kCount{"test.count", "SELECT COUNT(*) FROM attempts"};
    catalog.execute(kAdd, {"before"});
    const auto count = [&](db::Connection& connection) {
        auto& row = connection.query(kCount);
        REQUIRE(row.next());
        const std::int64_t number = row.int64(0);
        row.reset();
        return number;
    };
    {
        const auto reader = catalog.pool().acquire();
        reader->begin_snapshot();
        catalog.execute(kAdd, {"after"});
        CHECK(count(*reader) == 1);
        catalog.execute(kAdd, {"later"});
        CHECK(count(*reader) == 1);
        reader->settle();
        CHECK(count(*reader) == 3);
    }
    CHECK(count(*catalog.pool().acquire()) == 3);
}

}  // namespace bodega
