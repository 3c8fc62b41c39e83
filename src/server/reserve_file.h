// Keeps space for SQLite's writes on a disk that other data has filled: a file of zeros beside the catalog. The file is
// deleted when the disk is full, so that people can still sign in and delete files. It is created again when there is
// space.
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
