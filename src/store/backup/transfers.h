// The progress of a move or restore into this catalog. It is written in the same transactions as the rows, so a process
// that continues the transfer knows exactly which rows are there. While a transfer is unfinished, nothing else may use
// the catalog.
//
// Each object uses one connection, on that connection's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::store {

// The name of this repository's table, which is never transferred.
inline constexpr std::string_view kTransfersTable = "transfers";
// The migration that creates the table.
inline constexpr std::string_view kTransfersMigration = "0004_transfers";

class Transfers {
public:
    explicit Transfers(db::Connection& connection) : connection_(connection) {}

    // Returns the source of the rows, if a transfer has begun and not ended.
    std::optional<std::string> source();

    // Begins a table's transfer. Does nothing if it has begun already. Requires: one transaction begins all tables.
    void begin(std::string_view table, std::string_view source);

    struct Position {
        std::int64_t rows = 0;
        std::string last_key;  // in the format of store/backup/row.h; empty before the first row
    };
    // Throws Error{conflict} if the catalog has no record of this table's transfer, because the whole transfer has
    // ended.
    Position position(std::string_view table);

    // Returns false if the position was not at `from` rows, because another process is at work. Requires: a
    // transaction.
    bool advance(std::string_view table, std::int64_t from, const Position& to);

    // Ends the transfer, so that all processes may use the catalog. Call when all rows are transferred.
    void end();

private:
    db::Connection& connection_;
};

// Throws Error{config_invalid}, which says how to continue, if a transfer into this catalog has not ended.
void refuse_unfinished_transfer(db::Connection& connection);

}  // namespace bodega::store
