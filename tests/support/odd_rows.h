// Rows for every table of the schema, made of what a move may get wrong: NULL, the largest integers, bytes that are no
// text, letters of every length, values as long as their column.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/pool.h"
#include "store/backup/row.h"

namespace bodega::test {

// mysql: a migrated catalog of that engine, which knows how long values may be. The rows keep the schema's unique keys;
// they mean nothing to bodega's own code.
class OddRows {
public:
    explicit OddRows(db::Pool& mysql);

    store::Row row(const db::Table& table, int number) const;
    // `each` rows into every table but the transfers' own.
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
