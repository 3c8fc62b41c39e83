// How far a move or restore into this catalog has come. It is written with the rows, in their transactions, so that
// whoever goes on with it knows exactly what is there. While there is any, nothing else may use the catalog.
//
// One object works on one connection, on its thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::store {

// The name of their own table, which is never transferred.
inline constexpr std::string_view kTransfersTable = "transfers";
// And of the migration that makes it.
inline constexpr std::string_view kTransfersMigration = "0004_transfers";

class Transfers {
public:
    explicit Transfers(db::Connection& connection) : connection_(connection) {}

    // What the rows come from, if a transfer was begun and has not ended.
    std::optional<std::string> source();

    // Requires: a transaction, in which all of its tables are begun. Harmless for one that was.
    void begin(std::string_view table, std::string_view source);

    struct Position {
        std::int64_t rows = 0;
        std::string last_key;  // as store/backup/row.h writes it; empty before the first row
    };
    // Throws Error{conflict} for a table that was not begun: the transfer has ended.
    Position position(std::string_view table);

    // False: it did not stand at `from` rows, so somebody else is at work. Requires: a transaction.
    bool advance(std::string_view table, std::int64_t from, const Position& to);

    // All is there: the catalog is open to everybody.
    void end();

private:
    db::Connection& connection_;
};

// Throws Error{config_invalid}, which says how to go on, if a transfer into this catalog has not ended.
void refuse_unfinished_transfer(db::Connection& connection);

}  // namespace bodega::store
