// Tries each operation that bodega needs on a database server. Whether an operation works depends on the server's
// version, its SQL mode, its binary log settings and the account's rights.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"

namespace bodega::db {

struct Trial {
    enum class Of : std::uint8_t { functions, lock, writing };

    Of of = Of::functions;
    std::string error;  // what failed, with the server's message; empty: everything works
};

// The names of the functions that bodega's SQL calls, in capital letters. A test compares this list with the SQL in the
// source.
constexpr std::array<std::string_view, 14> kTriedFunctions = {
    "COALESCE",     "COUNT", "DATABASE", "GET_LOCK", "GREATEST",       "MAX",    "MIN", "NOW",
    "RELEASE_LOCK", "ROUND", "SUM",      "VALUES",   "UNIX_TIMESTAMP", "VERSION"};

inline constexpr std::string_view kTrialTable = "bodega_trial";

// Leaves no changes: writes are rolled back. In a database without a catalog it creates and drops a table for this
// purpose, kTrialTable, under the migrations' lock. Waits three seconds for a lock that another process holds; a busy
// lock is not an error. If the server fails, the connection is broken afterwards.
std::vector<Trial> try_server(Connection& connection);

}  // namespace bodega::db
