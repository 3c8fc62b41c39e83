// The catalog's tables as this binary's migrations make them: what is listed nowhere else can't be forgotten.
//
// They are read off SQLite's migrations, applied to an empty database in memory, since SQLite's types tell text from
// bytes; MySQL's have the same tables and columns (a test holds one against the other). Pure functions.
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
    std::vector<Column> columns;   // in the schema's order
    std::vector<std::size_t> key;  // which of them are the primary key, in its order

    bool operator==(const Table&) const = default;
};

// The version of the newest migration.
int newest_schema() noexcept;

// By name. `version`: as the migrations up to this one make them. Throws Error{internal} for a table without a
// primary key, or a column of another type.
std::vector<Table> schema_tables(int version = newest_schema());

// The tables and columns that a catalog has in fact; the migrations' own table is not among them.
std::map<std::string, std::set<std::string>> tables_in(Connection& connection);

}  // namespace bodega::db
