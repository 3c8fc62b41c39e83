// What all connections of this process to one SQLite file share. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "db/fifo_mutex.h"
#include "db/sqlite/group_sync.h"

namespace bodega::db {

class SqliteFile {
public:
    // Returns the same object for all paths of one file. log: the path of its write-ahead log. Throws base::Error if
    // the file's status can't be read.
    static std::shared_ptr<SqliteFile> of(const std::string& path, const std::string& log);

    explicit SqliteFile(std::string log) : sync(std::make_shared<GroupSync>(std::move(log))) {}

    FifoMutex writes;  // held by the connection that writes; other processes still compete for SQLite's own lock
    const std::shared_ptr<GroupSync> sync;
};

}  // namespace bodega::db
