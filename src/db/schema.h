// The catalog's tables as this binary's migrations create them. The list is derived from the migrations, so no table
// can be forgotten.
//
// SQLite's migrations are applied to an empty database in memory, and the list is read from it. SQLite's types
// distinguish text from bytes. MySQL's migrations create the same tables and columns (a test compares the two). Pure
// functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"

namespace bodega::db {

enum class ColumnType : std::uint8_t { integer = 1, text = 2, bytes = 3 };

struct Column {
    std::string name;
    ColumnType type = ColumnType::integer;

    bool operator==(const Column&) const = default;
};

struct Table {
    std::string name;
    std::vector<Column> columns;   // in the order of the CREATE TABLE statement
    std::vector<std::size_t> key;  // indexes of the primary key's columns, in the key's order

    bool operator==(const Table&) const = default;
};

// The version of the newest migration.
int newest_schema() noexcept;

// Returns the tables that the migrations up to `version` create, sorted by name. Throws Error{internal} for a table
// without a primary key or a column of an unknown type.
std::vector<Table> schema_tables(int version = newest_schema());

// The tables and columns that a catalog really has, without the migrations' own table.
std::map<std::string, std::set<std::string>> tables_in(Connection& connection);

}  // namespace bodega::db
