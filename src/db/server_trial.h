// Whether a server lets bodega do what it has to: each is tried, since versions, modes, accounts and binary logs
// differ.
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
    std::string error;  // what failed, in the server's own words; empty: all of it works
};

// The functions that bodega's SQL calls in capitals. A test compares them with the source.
constexpr std::array<std::string_view, 14> kTriedFunctions = {
    "COALESCE",     "COUNT", "DATABASE", "GET_LOCK", "GREATEST",       "MAX",    "MIN", "NOW",
    "RELEASE_LOCK", "ROUND", "SUM",      "VALUES",   "UNIX_TIMESTAMP", "VERSION"};

inline constexpr std::string_view kTrialTable = "bodega_trial";

// Leaves nothing behind: writes are rolled back. In a database without a catalog a table of its own, kTrialTable, is
// made and dropped under the migrations' lock. Waits three seconds for a lock that another process holds, which is no
// error. A server that fails breaks the connection.
std::vector<Trial> try_server(Connection& connection);

}  // namespace bodega::db
