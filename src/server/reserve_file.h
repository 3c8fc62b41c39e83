// Reserves disk space for SQLite's writes with a file of zeros beside the catalog. When the disk is full, the file is
// deleted, so that people can still sign in and delete files. When there is space again, the file is created again.
#pragma once

#include <cstdint>
#include <string>

#include "config/config.h"

namespace bodega::server {

// Single-threaded.
class ReserveFile {
public:
    // Does nothing for a catalog on a database server, or with files.reserve = 0.
    explicit ReserveFile(const config::Config& config);

    // Deletes or creates the file, depending on the free space.
    void check();

private:
    void make(std::int64_t size);

    const std::string path_;  // empty: check() does nothing
    bool released_ = false;
};

}  // namespace bodega::server
