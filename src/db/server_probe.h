// What a database server says of itself, and how long it takes to say it. For a person's judgement; nothing else
// depends on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::db {

struct ServerFacts {
    Dialect dialect = Dialect::sqlite;
    std::string version;  // "10.11.6-MariaDB-log", "8.4.2", "3.40.1"
    std::string cipher;   // of this connection; empty: in the clear
    bool read_only = false;
    std::int64_t max_connections = 0;  // 0: no limit
    base::Milliseconds ahead = 0;      // the database's clock less this machine's
    // Of a query without any work, from the shortest.
    std::vector<std::chrono::microseconds> times;
};

// Asks some dozens of times. Changes nothing. Throws what the connection does.
ServerFacts look_at(Connection& connection);

}  // namespace bodega::db
