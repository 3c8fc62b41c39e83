// Brings whole tables into an empty catalog, in batches that are there once whenever the work is ended and begun anew.
// One thread at a time; the pool outlives it.
#pragma once

#include <string>
#include <vector>

#include "app/backup/table_sum.h"
#include "db/pool.h"
#include "store/backup/transfers.h"

namespace bodega::app {

class Transfer {
public:
    // source: what the rows come from, for a person; the same words find the same transfer again.
    // tables: all that will be brought over; the schema's other tables stay empty.
    // schema: the target's version.
    Transfer(db::Pool& target, std::vector<db::Table> tables, std::string source, int schema = db::newest_schema());

    // From here on nothing else uses the catalog. Throws Error{conflict} if it holds rows that are not this transfer's.
    void begin();

    // How far it came before.
    store::Transfers::Position position(const db::Table& table);

    // The next rows in the order of the key. Throws Error{conflict} if another process works on the same transfer.
    void append(const db::Table& table, const std::vector<store::Row>& rows);

    // Compares what is there with `wanted`, one sum a table, and opens the catalog to everybody. Throws
    // Error{checksum_mismatch}, which names the table, and leaves it closed.
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
