#include "db/foreign_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "db/server_trial.h"

namespace bodega::db {
namespace {

using Tables = std::map<std::string, std::set<std::string>>;

constexpr std::size_t kMaxNamed = 10;
constexpr std::string_view kTransfersTable = "transfers";
constexpr std::string_view kMigrationsTable = "schema_migrations";

constexpr Sql kMigrationsColumns{"foreign_tables.migrations",
                                 "SELECT COUNT(*) FROM pragma_table_info('schema_migrations')"};
constexpr Sql kMigrationsColumnsMysql{"foreign_tables.migrations",
                                      "SELECT COUNT(*) FROM information_schema.COLUMNS "
                                      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'schema_migrations'"};

// Returns true if the table schema_migrations belongs to another program: it lacks bodega's columns. Checks the columns
// last, because another process may create bodega's table after the first check. Requires: schema_version() is 0.
bool has_foreign_migrations(Connection& connection) {
    Statement& row =
        connection.query(connection.dialect() == Dialect::sqlite ? kMigrationsColumns : kMigrationsColumnsMysql);
    const bool found = row.next() && row.int64(0) > 0;
    row.reset();
    return found && !has_migrations_table(connection);
}

// Returns the tables of the first migration with their columns. Names are not enough: another program may have a table
// users too.
Tables first_tables() {
    Tables own;
    for (const Table& table : schema_tables(1))
        for (const Column& column : table.columns) own[table.name].insert(column.name);
    return own;
}

// Tables that may exist before the first migration is complete: the marker table in the target of a transfer, and the
// trial table of `bodega doctor`.
bool may_precede(const std::string& name) {
    return name == kTransfersTable || name == kTrialTable || name.starts_with("sqlite_");
}

std::vector<std::string> foreign_tables(Connection& connection) {
    const Tables found = tables_in(connection);
    std::vector<std::string> foreign;
    if (has_foreign_migrations(connection)) foreign.emplace_back(kMigrationsTable);
    if (found.empty()) return foreign;
    const Tables own = first_tables();
    for (const auto& [name, columns] : found) {
        const auto there = own.find(name);
        if (!may_precede(name) && (there == own.end() || there->second != columns)) foreign.push_back(name);
    }
    return foreign;
}

}  // namespace

void require_no_foreign_tables(Connection& connection) {
    if (schema_version(connection) > 0) return;
    const std::vector<std::string> foreign = foreign_tables(connection);
    // Checks the version again, because another process may have created the catalog meanwhile.
    if (foreign.empty() || schema_version(connection) > 0) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(foreign.size(), kMaxNamed); ++i) names += (i == 0 ? "" : ", ") + foreign[i];
    if (foreign.size() > kMaxNamed) names += " and " + std::to_string(foreign.size() - kMaxNamed) + " more";
    throw base::Error(base::Code::config_invalid,
                      "the database has tables of another program: " + names +
                          ". bodega needs an empty database of its own: create one and set it in DB_NAME (or in "
                          "database.url). Nothing was changed");
}

}  // namespace bodega::db
