// Measures a database server: its own report about itself, and its response time. Only for display; nothing depends on
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::db {

struct ServerProbe {
    Dialect dialect = Dialect::sqlite;
    std::string version;  // as the server reports it: "10.11.6-MariaDB-log", "8.4.2", "3.40.1"
    std::string cipher;   // TLS cipher of this connection; empty: no TLS
    bool read_only = false;
    std::int64_t max_connections = 0;  // the server's limit of connections; 0: no limit
    base::Milliseconds ahead = 0;      // the database's clock minus this machine's
    // Round-trip times of a trivial query, shortest first.
    std::vector<std::chrono::microseconds> times;
};

// Runs a few dozen queries. Changes nothing. Throws what the connection throws.
ServerProbe probe_server(Connection& connection);

}  // namespace bodega::db
