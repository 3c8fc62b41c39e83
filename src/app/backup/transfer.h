// Copies whole tables into an empty catalog, in batches. Each batch is inserted exactly once, even if the process is
// killed and run again. One thread at a time. The pool outlives this object.
#pragma once

#include <string>
#include <vector>

#include "app/backup/table_sum.h"
#include "db/pool.h"
#include "store/backup/transfers.h"

namespace bodega::app {

class Transfer {
public:
    // source: names the origin of the rows for people, and identifies an unfinished transfer; to continue one, pass the
    // same text again. tables: the tables to copy; the schema's other tables stay empty. schema: the version of the
    // target's schema.
    Transfer(db::Pool& target, std::vector<db::Table> tables, std::string source, int schema = db::newest_schema());

    // Closes the catalog to all other users. Throws Error{conflict} if the catalog has rows that this transfer did not
    // insert.
    void begin();

    // The number of rows of `table` that this transfer has copied, in this run and earlier runs, and the last row's
    // key.
    store::Transfers::Position position(const db::Table& table);

    // Inserts the next rows in the order of the key. Throws Error{conflict} if another process is running the same
    // transfer.
    void append(const db::Table& table, const std::vector<store::Row>& rows);

    // Compares the target's tables with `wanted`, which has one sum per table, then opens the catalog. If a table
    // differs, throws Error{checksum_mismatch} with its name, and the catalog stays closed.
    void end(const std::vector<TableSum>& wanted, const RowsDone& done);

    const std::vector<db::Table>& tables() const noexcept { return tables_; }
    const std::string& source() const noexcept { return source_; }

private:
    void require_empty(db::Connection& connection) const;
    void compare(const db::Table& table, const TableSum& wanted, const RowsDone& done);

    db::Pool& target_;
    const std::vector<db::Table> tables_;
    const std::string source_;
    const int schema_;
};

}  // namespace bodega::app
