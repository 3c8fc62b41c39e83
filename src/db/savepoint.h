// A part of a transaction that can be rolled back separately.
#pragma once

#include "db/connection.h"

namespace bodega::db {

// Begins in the constructor and ends with keep() or undo(). Without these calls, it ends with its transaction. Must not
// be nested. Requires: an open transaction, which outlives it.
class Savepoint {
public:
    explicit Savepoint(Connection& connection) : connection_(connection) {
        connection_.execute_text("savepoint.begin", "SAVEPOINT part");
    }
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;

    void keep() { connection_.execute_text("savepoint.keep", "RELEASE SAVEPOINT part"); }
    void undo() {
        connection_.execute_text("savepoint.undo", "ROLLBACK TO SAVEPOINT part");
        keep();
    }

private:
    Connection& connection_;
};

}  // namespace bodega::db
