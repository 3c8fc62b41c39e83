// Maps MySQL's and MariaDB's error numbers to bodega's retry rules, in one table.
#pragma once

#include "db/failure.h"

namespace bodega::db {

enum class MysqlError : std::uint8_t {
    duplicate,  // a unique key is taken; an expected outcome
    again,      // roll back and run the transaction again
    lost,       // the connection is unusable: the server is gone, or has become read-only
    full,       // the server accepts no more connections or statements; the call fails without a retry
    timeout,    // the statement was ended by its time limit or by an administrator
    no_space,
    exists,     // a CREATE of an existing object, a DROP of a missing one
    reprepare,  // the prepared statement is no longer valid; it did not run
    too_many,   // the server has too many prepared statements
    sign_in,    // a retry can't help: a refused password, an unknown database, a bad certificate
    other,
};

MysqlError classify(unsigned number) noexcept;

// True for an error of a COMMIT after which it is unknown whether the transaction was applied.
bool leaves_commit_open(unsigned number) noexcept;

// Returns the Failure for an error of the statement `name`. The server's message is included only if nobody but the
// operator sees the error (Code::internal and config_invalid). It is never included for SQLSTATE classes 22 and 23,
// which quote data.
Failure failure_of(std::string_view name, unsigned number, std::string_view sqlstate, std::string_view words);

}  // namespace bodega::db
