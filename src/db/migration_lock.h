// A lock that allows one process at a time to change a catalog's schema.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::db {

// The lock's name in a MySQL server, where all databases share one namespace of locks: "bodega." and the SHA-1 of the
// database's name, at most 64 characters. All versions of bodega must use this name, so that they exclude each other.
std::string migration_lock_name(std::string_view database);

// On SQLite, the lock is one write transaction around all changes, so a crash leaves no partial changes. MySQL commits
// DDL implicitly, so there the lock is GET_LOCK, which the server releases when the connection ends.
class MigrationLock {
public:
    // Throws Failure{unavailable} if another process holds the lock for longer than `limit`.
    MigrationLock(Connection& connection, std::chrono::milliseconds limit);
    ~MigrationLock();
    MigrationLock(const MigrationLock&) = delete;
    MigrationLock& operator=(const MigrationLock&) = delete;

    // Keeps the changes; without this call SQLite rolls them back.
    void keep();

private:
    bool try_lock();

    Connection& connection_;
    std::string name_;  // name for GET_LOCK; empty on SQLite
};

}  // namespace bodega::db
