// Copies whole tables into an empty catalog, in batches. Each batch is inserted exactly once, even if the process is
// killed and run again. One thread at a time; the pool outlives it.
#pragma once

#include <string>
#include <vector>

#include "app/backup/table_sum.h"
#include "db/pool.h"
#include "store/backup/transfers.h"

namespace bodega::app {

class Transfer {
public:
    // source: the origin of the rows, shown to people; it identifies an unfinished transfer, so pass the same text
    // again. tables: all tables that are copied; the schema's other tables stay empty. schema: the target's version.
    Transfer(db::Pool& target, std::vector<db::Table> tables, std::string source, int schema = db::newest_schema());

    // Closes the catalog to all other users. Throws Error{conflict} if it has rows that are not this transfer's.
    void begin();

    // The position that the transfer has reached, also in an earlier run.
    store::Transfers::Position position(const db::Table& table);

    // Inserts the next rows in the order of the key. Throws Error{conflict} if another process works on the same
    // transfer.
    void append(const db::Table& table, const std::vector<store::Row>& rows);

    // Compares the target's tables with `wanted`, one sum per table, and opens the catalog. Throws
    // Error{checksum_mismatch} with the table's name, and leaves the catalog closed.
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
