#include "db/schema.h"

#include <sqlite3.h>

#include <memory>
#include <utility>

#include "base/error.h"
#include "db/migrate.h"
#include "db/migrations.h"

namespace bodega::db {
namespace {

struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Memory = std::unique_ptr<sqlite3, Close>;

[[noreturn]] void refuse(const std::string& what) {
    throw base::Error(base::Code::internal, "the migrations: " + what);
}

Memory migrated(int version) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
    Memory memory(handle);
    if (code != SQLITE_OK) refuse("SQLite can't open a database in memory");
    for (const MigrationFile& file : embedded_migrations("sqlite")) {
        if (file.version > version) break;
        for (const std::string& step : migration_steps(file.sql)) {
            if (sqlite3_exec(handle, step.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
                refuse(std::string(file.name) + ": " + sqlite3_errmsg(handle));
            }
        }
    }
    return memory;
}

template <class Row>
void for_each_row(sqlite3* memory, const std::string& sql, Row row) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(memory, sql.c_str(), -1, &made, nullptr) != SQLITE_OK) refuse(sqlite3_errmsg(memory));
    const std::unique_ptr<sqlite3_stmt, Close> statement(made);
    while (sqlite3_step(made) == SQLITE_ROW) row(made);
}

std::string text_of(sqlite3_stmt* row, int column) {
    return reinterpret_cast<const char*>(sqlite3_column_text(row, column));
}

ColumnType type_of(const std::string& declared, const std::string& where) {
    if (declared == "INTEGER") return ColumnType::integer;
    if (declared == "TEXT") return ColumnType::text;
    if (declared == "BLOB") return ColumnType::bytes;
    refuse(where + " is of type " + declared + ", which is not one of INTEGER, TEXT and BLOB");
}

Table read_table(sqlite3* memory, const std::string& name) {
    Table table{name, {}, {}};
    std::map<int, std::size_t> key;
    for_each_row(memory, "SELECT name, type, pk FROM pragma_table_info('" + name + "')", [&](sqlite3_stmt* row) {
        const std::string column = text_of(row, 0);
        std::string where = name;
        where.append(".").append(column);
        if (const int place = sqlite3_column_int(row, 2)) key[place] = table.columns.size();
        table.columns.push_back({column, type_of(text_of(row, 1), where)});
    });
    if (key.empty()) refuse(name + " has no primary key");
    for (const auto& [place, column] : key) table.key.push_back(column);
    return table;
}

constexpr Sql kColumnsSqlite{"schema.columns",
                             "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c "
                             "WHERE t.type = 'table' AND t.name NOT IN ('schema_migrations', 'sqlite_sequence')"};
constexpr Sql kColumnsMysql{"schema.columns",
                            "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS "
                            "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> 'schema_migrations'"};

}  // namespace

int newest_schema() noexcept {
    const auto files = embedded_migrations("sqlite");
    return files.empty() ? 0 : files.back().version;
}

std::vector<Table> schema_tables(int version) {
    const Memory memory = migrated(version);
    std::vector<Table> tables;
    for_each_row(memory.get(), "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
                 [&](sqlite3_stmt* row) { tables.push_back(read_table(memory.get(), text_of(row, 0))); });
    return tables;
}

std::map<std::string, std::set<std::string>> tables_in(Connection& connection) {
    std::map<std::string, std::set<std::string>> found;
    auto& row = connection.query(connection.dialect() == Dialect::sqlite ? kColumnsSqlite : kColumnsMysql);
    while (row.next()) found[std::string(row.text(0))].insert(std::string(row.text(1)));
    return found;
}

}  // namespace bodega::db
