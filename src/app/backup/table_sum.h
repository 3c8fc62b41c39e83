// The number of a table's rows, and a digest that is the same on every engine: SHA-256 over the table's name, its
// columns and its rows in the order of the primary key, as store/backup/row.h writes them. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "blobs/digest.h"
#include "store/backup/row.h"

namespace bodega::app {

// Called with the numbers of rows and bytes that were processed since the last call.
using RowsDone = std::function<void(std::int64_t rows, std::int64_t bytes)>;

// Rows per page in code that reads whole tables.
inline constexpr int kRowPage = 1000;

struct TableSum {
    std::string table;
    std::int64_t rows = 0;
    blobs::Sha256 digest{};

    bool operator==(const TableSum&) const = default;
};

class TableSummer {
public:
    explicit TableSummer(const db::Table& table);

    // Adds the next row.
    void add(std::string_view bytes);
    TableSum sum() const;

private:
    TableSum sum_;
    blobs::Digest digest_;
};

// Counts and hashes the rows of a table. only: an SQL condition in static storage that selects rows; an empty condition
// selects all. Calls `done` after each batch of rows.
TableSum sum_of(db::Connection& connection, const db::Table& table, const RowsDone& done, std::string_view only = {});

}  // namespace bodega::app
