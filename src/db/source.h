// The address of a catalog and how to sign in, and a function that opens a connection.
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
    // SQLite: path of the file. The file is created if it is missing; its folder is not created.
    std::string path;
    std::string host, user, password, name;  // MySQL only; `host` may be the path of a unix socket ("/…")
    int port = 3306;
    std::shared_ptr<Password> renewed;  // used instead of `password` if the password may change; may be null
    std::string ssl_ca;                 // CA bundle (PEM); if set, TLS and verification of the server are required
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds query_timeout{30000};  // time limit of one statement, including its waits for locks
    // Maximum wait for the server's answer; 0: a little more than query_timeout.
    std::chrono::milliseconds read_timeout{0};
    // The server ends a session that is idle for longer than `idle_timeout`, and releases its locks.
    // `idle_transaction_timeout` applies inside a transaction, on MariaDB only. 0: the server's default.
    std::chrono::seconds idle_timeout{0}, idle_transaction_timeout{0};

    // Parses "sqlite:PATH" or "mysql://USER@HOST[:PORT]/NAME", which is percent-encoded and has no password. If HOST is
    // a unix socket's path, it is written "%2Frun%2F…". Throws Error{config_invalid}; the message does not show the
    // URL.
    static Source parse(std::string_view url);
};

// Opens one connection (connect.cpp). Throws Error{unavailable} if the server can't be reached, Error{config_invalid}
// if a retry can't help (a refused password, an unknown database, SQLite on a network file system).
std::unique_ptr<Connection> connect(const Source& source);

}  // namespace bodega::db
