// The lock that lets one process at a time change a catalog's schema.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::db {

// The lock's name in a MySQL server, where all databases share the names of locks: "bodega." and the SHA-1 of the
// database's name, in 64 characters at most. Every version uses this one, so that two of them exclude each other.
std::string migration_lock_name(std::string_view database);

// SQLite: one write transaction around all, so a crash leaves nothing half-made. MySQL, whose DDL commits
// by itself: GET_LOCK, which ends with the connection.
class MigrationLock {
public:
    // Throws Failure{unavailable} if another process holds it for longer than `limit`.
    MigrationLock(Connection& connection, std::chrono::milliseconds limit);
    ~MigrationLock();
    MigrationLock(const MigrationLock&) = delete;
    MigrationLock& operator=(const MigrationLock&) = delete;

    // What was done is kept; without it, SQLite forgets it.
    void keep();

private:
    bool try_lock();

    Connection& connection_;
    std::string name_;  // MySQL's
};

}  // namespace bodega::db
