// Where a catalog is and how to sign in to it, and opening one connection there.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "db/connection.h"
#include "db/password.h"

namespace bodega::db {

struct Source {
    Dialect dialect = Dialect::sqlite;
    std::string path;                        // SQLite: the file; made if missing, its folder is not
    std::string host, user, password, name;  // MySQL; host may be a unix socket's path ("/…")
    int port = 3306;
    std::shared_ptr<Password> renewed;  // in place of `password`, where it may change; may be null
    std::string ssl_ca;                 // PEM; given: TLS and verification of the server are required
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds query_timeout{30000};  // of one statement, its waiting for locks included
    std::chrono::milliseconds read_timeout{0};       // of the server's silence; 0: a little more than query_timeout
    // After which a server ends a session that asks nothing, with the locks that it holds; 0: whatever is set there.
    // The second is for a transaction, and of MariaDB alone.
    std::chrono::seconds idle_timeout{0}, idle_transaction_timeout{0};

    // "sqlite:PATH" or "mysql://USER@HOST[:PORT]/NAME" (percent-encoding; no password; a unix socket's path
    // as HOST is written "%2Frun%2F…"). Throws Error{config_invalid}, without the text of the URL.
    static Source parse(std::string_view url);
};

// Opens one connection. Throws Error{unavailable} if the server can't be reached, Error{config_invalid}
// for what no retry mends (a refused password, an unknown database, SQLite on a network file system).
std::unique_ptr<Connection> connect(const Source& source);

}  // namespace bodega::db
