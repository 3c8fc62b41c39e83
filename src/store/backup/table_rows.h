// Reads any table's rows in the order of its primary key, and inserts them again. Moves and backups use it to copy a
// catalog without knowing the tables.
//
// Each object uses one connection, on that connection's thread, and on one table, which must outlive it.
#pragma once

#include <string>
#include <vector>

#include "store/backup/row.h"

namespace bodega::store {

class TableReader {
public:
    // `only` is an SQL condition that selects the rows, in static storage; empty: all rows.
    TableReader(db::Connection& connection, const db::Table& table, std::string_view only = {});

    // Returns at most `limit` rows, beginning after the key `after` (nullptr: with the first row).
    std::vector<Row> page(const Row* after, int limit);
    std::int64_t count();
    bool is_empty();  // reads no column, so the table may lack some

private:
    db::Sql sql(const std::string& text) const { return {name_, text}; }

    db::Connection& connection_;
    const db::Table& table_;
    const std::vector<db::Column> key_;
    std::string name_, first_, after_, count_, any_;
};

class TableWriter {
public:
    TableWriter(db::Connection& connection, const db::Table& table);

    // Throws Error{conflict} if a row exists already, Error{invalid} for a value that the engine's column does not
    // accept. Requires: a transaction.
    void insert(const std::vector<Row>& rows);

private:
    void insert(const std::string& text, std::span<const Row> rows);

    db::Connection& connection_;
    const db::Table& table_;
    std::string name_, one_, many_;
};

}  // namespace bodega::store
