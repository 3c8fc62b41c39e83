// A table's row as values, and as bytes that do not depend on the database engine.
//
// The bytes of a row are its values, in the table's order of columns. NULL is the byte 0. An integer is the byte 1 and
// 8 bytes. Text is the byte 2, a length in 4 bytes, and the data. Bytes are like text, but with the byte 3. Integers
// are big-endian. Backups use this format, and digests are computed over it. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "db/connection.h"
#include "db/schema.h"

namespace bodega::store {

// A string holds text or bytes; the column decides which.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Value>;

// Reads the statement's current row, whose columns are the table's.
Row read_row(const db::Statement& statement, std::span<const db::Column> columns);

// The result is valid as long as `value` is.
db::Param param_of(const Value& value, db::ColumnType type);

void append_bytes(std::string& out, const Row& row, std::span<const db::Column> columns);
std::string bytes_of(const Row& row, std::span<const db::Column> columns);

// Returns std::nullopt for bytes that append_bytes did not write for these columns.
std::optional<Row> row_of(std::string_view bytes, std::span<const db::Column> columns);

// key_columns() returns the columns of the table's primary key, key_of() the row's values in these columns.
std::vector<db::Column> key_columns(const db::Table& table);
Row key_of(const Row& row, const db::Table& table);

// Requires: the table has a column with this name.
const Value& value_of(const Row& row, const db::Table& table, std::string_view column);

}  // namespace bodega::store
