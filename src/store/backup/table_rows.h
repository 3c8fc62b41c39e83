// Any table's rows, read in the order of its primary key and written anew: what moves and backs up a catalog without
// knowing what it holds. The other repositories know their rows; this one knows none.
//
// One object works on one connection, on its thread, and on one table, which outlives it.
#pragma once

#include <string>
#include <vector>

#include "store/backup/row.h"

namespace bodega::store {

class TableReader {
public:
    // only: a condition that its rows meet, in SQL, of static storage.
    TableReader(db::Connection& connection, const db::Table& table, std::string_view only = {});

    // At most `limit` rows, those after the key `after`; nullptr: from the first.
    std::vector<Row> page(const Row* after, int limit);
    std::int64_t count();
    bool is_empty();  // whatever columns it has in fact

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

    // Throws Error{conflict} if one of them is there already, Error{invalid} for a value that the engine's column does
    // not take. Requires: a transaction.
    void insert(const std::vector<Row>& rows);

private:
    void insert(const std::string& text, std::span<const Row> rows);

    db::Connection& connection_;
    const db::Table& table_;
    std::string name_, one_, many_;
};

}  // namespace bodega::store
