// What MySQL's and MariaDB's error numbers mean to bodega: one table, the design's retry rules in it.
#pragma once

#include "db/failure.h"

namespace bodega::db {

enum class MysqlError : std::uint8_t {
    duplicate,  // a unique key is taken: an outcome
    again,      // roll back and run the transaction again
    lost,       // the connection is of no use: the server went, or is (now) a read-only one
    full,       // the server takes no more connections or statements: shed
    timeout,    // the statement was ended, by its time limit or by an administrator
    no_space,
    exists,     // a CREATE of what is there, a DROP of what is not
    reprepare,  // the prepared statement is not valid any more; it has not been run
    too_many,   // no more prepared statements in the server
    sign_in,    // no retry mends it: a refused password, an unknown database, a bad certificate
    other,
};

MysqlError classify(unsigned number) noexcept;

// After COMMIT was sent: whether this error leaves open if the transaction is there.
bool leaves_commit_open(unsigned number) noexcept;

// The Failure for an error of a statement, which is named. The server's own words are in the message where that is for
// the operator alone (Code::internal and config_invalid), without those of SQLSTATE classes 22 and 23: they quote data.
Failure failure_of(std::string_view name, unsigned number, std::string_view sqlstate, std::string_view words);

}  // namespace bodega::db
