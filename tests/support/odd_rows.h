// Rows for every table of the schema, with values that a move may get wrong: NULL, the largest integers, bytes that are
// not text, characters of every UTF-8 length, values as long as their column.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/pool.h"
#include "store/backup/row.h"

namespace bodega::test {

// mysql: a migrated catalog of that engine, for the maximum lengths of values. The rows respect the schema's unique
// keys; bodega's own code can't use them.
class OddRows {
public:
    explicit OddRows(db::Pool& mysql);

    store::Row row(const db::Table& table, int number) const;
    // Inserts `each` rows into every table except those of transfers.
    void fill(db::Pool& catalog, int each) const;

private:
    struct Limit {
        std::string type;
        std::size_t length = 0;
        bool may_be_null = false;
        bool unique = false;
    };

    store::Value value(const db::Column& column, const Limit& limit, int number) const;

    std::map<std::string, Limit> limits_;  // by "table.column"
};

}  // namespace bodega::test
